import type { Comparison } from './compare.js';
import type { Manifest, ManifestProblem } from './manifest.js';

/** What becomes of somebody: a mail, nothing by a rule, nothing because something is wrong, or no longer read at all. */
type Kind = 'mail' | 'nothing' | 'conflict' | 'failed' | 'gone';

/** One person in the gallery's list. Keys are short: there may be a hundred thousand of them. */
interface Row {
  readonly id: string;
  readonly dn: string;
  readonly kind: Kind;
  /** Of a mail: its place in the manifest's messages, by which its chunk is found. */
  readonly at?: number;
  readonly to?: string;
  readonly alias?: string;
  readonly pattern?: string;
  readonly system?: string | null;
  readonly locale?: string | null;
  readonly subject?: string;
  /** The files of a mail, without their endings. */
  readonly file?: string;
  readonly revision?: string;
  readonly reason?: string;
  readonly problems?: readonly Pick<
    ManifestProblem,
    'severity' | 'code' | 'message' | 'file' | 'line' | 'column'
  >[];
  /** The others with the same alias. */
  readonly with?: readonly string[];
  readonly compared?: 'new' | 'gone' | 'changed' | 'same';
  readonly changes?: Comparison['changed'][number]['changes'];
}

/** The manifest as the gallery's list: everybody in one list, ordered by DN, each with all that is wrong about them. */
export function galleryRows(manifest: Manifest, comparison: Comparison | undefined) {
  const problems = new Map<string, ManifestProblem[]>();
  for (const problem of manifest.problems) {
    if (problem.person === null) continue;
    const known = problems.get(problem.person);
    if (known) known.push(problem);
    else problems.set(problem.person, [problem]);
  }
  const problemsOf = (person: string, dn: string) =>
    problems.get(person)?.map(({ person: _, message, ...problem }) => ({
      ...problem,
      // The row says whose problem it is.
      message: message.startsWith(`${dn}: `) ? message.slice(dn.length + 2) : message,
    }));
  const added = new Set(comparison?.added.map(({ person }) => person));
  const changed = new Map(comparison?.changed.map((each) => [each.person, each.changes]));
  const gone = new Set(comparison?.gone.map(({ person }) => person));
  const comparedOf = (person: string): Row['compared'] =>
    comparison && (added.has(person) ? 'new' : changed.has(person) ? 'changed' : 'same');

  const rows: Row[] = manifest.messages.map(
    ({ person, dn, files, sha256: _, linkSha256: __, wordingSha256: ___, ...message }, at) => ({
      id: person,
      dn,
      kind: 'mail',
      at,
      ...message,
      file: files.eml.replace(/\.eml$/, ''),
      ...optional('problems', problemsOf(person, dn)),
      ...optional('compared', comparedOf(person)),
      ...optional('changes', changed.get(person)),
    }),
  );
  for (const { person, dn, reason, pattern } of manifest.skipped) {
    const wrong = problemsOf(person, dn);
    rows.push({
      id: person,
      dn,
      kind: wrong ? 'failed' : 'nothing',
      reason,
      ...optional('pattern', pattern ?? undefined),
      ...optional('problems', wrong),
      ...(gone.has(person) && { compared: 'gone' as const }),
    });
  }
  for (const { alias, people } of manifest.conflicts)
    for (const { person, dn } of people)
      rows.push({
        id: person,
        dn,
        kind: 'conflict',
        alias,
        reason: 'conflict',
        with: people.filter((other) => other.person !== person).map((other) => other.dn),
        ...optional('problems', problemsOf(person, dn)),
        ...(gone.has(person) && { compared: 'gone' as const }),
      });
  for (const { person, dn, reason } of comparison?.gone ?? [])
    if (reason === null) rows.push({ id: person, dn, kind: 'gone', reason: 'gone', compared: 'gone' });
  rows.sort((one, other) => (one.dn < other.dn ? -1 : one.dn > other.dn ? 1 : 0));
  return {
    campaign: manifest.campaign,
    people: manifest.people,
    rows,
    general: manifest.problems.filter(({ person }) => person === null),
  };
}

/** The key only where there is a value: a hundred thousand rows need not say what they lack. */
function optional<Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): Partial<Record<Key, Value>> {
  return (value === undefined ? {} : { [key]: value }) as Partial<Record<Key, Value>>; // a computed key widens to string
}
