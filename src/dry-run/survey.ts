import type { PreparedCampaign } from '../campaign/prepare.js';
import type { Directory } from '../directory/directory.js';
import { foldAlias } from '../matching/fold.js';
import { type AssignmentFile, openAssignments, type Place as Stretch } from './assignments.js';
import { byText, type ManifestConflict, type ManifestProblem, type ManifestSkipped } from './manifest.js';

/** Where in a file something went wrong. */
export type Place = Pick<ManifestProblem, 'file' | 'line' | 'column'>;

/** A person who gets nothing, with what is known of why. */
export interface SkippedPerson extends ManifestSkipped {
  readonly detail: Partial<Place> & { readonly message?: string };
}

/** A person who would be written to, and where the assignment lies on disk. */
export interface Candidate {
  readonly person: string;
  readonly dn: string;
  readonly pattern: string;
  readonly place: Stretch;
}

export interface Survey {
  readonly people: number;
  /** Ordered by DN. */
  readonly candidates: readonly Candidate[];
  readonly skipped: readonly SkippedPerson[];
  readonly conflicts: readonly ManifestConflict[];
  readonly assignments: AssignmentFile;
}

export interface SurveyRequest {
  readonly directory: Directory;
  readonly campaign: PreparedCampaign;
  /** The folder in the making. */
  readonly dir: string;
  readonly mask: boolean;
  /** Only these people, by stable id. */
  readonly only: ReadonlySet<string> | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Reads everybody and judges them; nothing is rendered yet. Holds a name and a place a person, not the person. */
export async function survey({
  directory,
  campaign,
  dir,
  mask,
  only,
  signal,
}: SurveyRequest): Promise<Survey> {
  const assignments = await openAssignments(dir);
  const candidates: Candidate[] = [];
  const skipped: SkippedPerson[] = [];
  const holders = new Map<string, { spellings: Set<string>; holders: Candidate[] }>();
  let people = 0;

  const query = { query: campaign.campaign.people, attributes: campaign.ldapAttributes };
  for await (const page of directory.read(query, signal)) {
    for (const person of page) {
      const wanted = only === undefined || only.has(person.id);
      if (wanted) people += 1;
      const result = campaign.assign(person, { mask });
      const { id, dn } = person;
      if (result.kind === 'skipped') {
        const { reason, code = null, detail, pattern = null } = result;
        if (wanted)
          skipped.push({
            person: id,
            dn,
            reason,
            code,
            pattern,
            detail: detail === undefined ? {} : { message: detail },
          });
        continue;
      }
      const { alias, pattern } = result.assignment;
      const place = await assignments.append(campaign.freeze(result.assignment).reveal());
      const candidate = { person: id, dn, pattern, place };
      const folded = foldAlias(alias);
      const known = holders.get(folded);
      // Everybody counts for conflicts, also who was not asked for: the run would see them too.
      if (known === undefined) holders.set(folded, { spellings: new Set([alias]), holders: [candidate] });
      else {
        known.spellings.add(alias);
        known.holders.push(candidate);
      }
      if (wanted) candidates.push(candidate);
    }
  }

  const conflicts: ManifestConflict[] = [];
  const inConflict = new Set<string>();
  for (const { spellings, holders: who } of holders.values()) {
    if (who.length < 2) continue;
    for (const { person } of who) inConflict.add(person);
    if (!who.some(({ person }) => only === undefined || only.has(person))) continue;
    const people = who.map(({ person, dn }) => ({ person, dn })).sort(byDn);
    // Two may differ in case alone: which one is named must not hang on who was read first.
    conflicts.push({ alias: [...spellings].sort(byText)[0] ?? '', people });
  }
  return {
    people,
    candidates: candidates.filter(({ person }) => !inConflict.has(person)).sort(byDn),
    skipped,
    conflicts: conflicts.sort((one, other) => byText(one.alias, other.alias)),
    assignments,
  };
}

type Named = { readonly dn: string; readonly person: string };

/** By DN, and by id where two entries of different bases are written alike. */
export const byDn = (one: Named, other: Named): number =>
  byText(one.dn, other.dn) || byText(one.person, other.person);
