import { RollcallError } from '../lib/errors.js';
import { Secret } from '../lib/secret.js';
import type { Assignment, LinkData } from '../model/assignment.js';

/** Of the frozen form; an older one that cannot be read any more is planned again. */
const FORMAT = 1;

/** An assignment as text, its secrets in the clear: only ever sealed at rest. */
export function freeze(assignment: Assignment): Secret {
  // Named one by one: an object that is spread costs V8 several times as much.
  const { person, dn, pattern, to, locale, alias, username, password, match, link, attributes } = assignment;
  const frozen: Readonly<Record<keyof Assignment | 'format', unknown>> = {
    format: FORMAT,
    person,
    dn,
    pattern,
    to,
    locale,
    alias,
    username,
    match,
    attributes,
    password: password?.reveal(),
    link: link.reveal(),
  };
  return new Secret(JSON.stringify(frozen));
}

/**
 * The inverse of {@link freeze}.
 * @throws ROLLCALL_ERR_INTERNAL where it is of a format that this version does not know.
 */
export function thaw(payload: Secret): Assignment {
  const { format, password, link, ...open } = JSON.parse(payload.reveal());
  if (format !== FORMAT)
    throw new RollcallError(
      'ROLLCALL_ERR_INTERNAL',
      `A delivery was written in format ${format}; this version knows ${FORMAT}.`,
    );
  // exactly what freeze put there, authenticated by the seal
  return Object.assign(open, {
    username: open.username,
    locale: open.locale,
    password: password === undefined ? undefined : new Secret(password),
    link: new Secret(link),
  });
}

/** Link data as the assignment carries it: as JSON with sorted keys. */
export function linkSecret(data: LinkData): Secret {
  const sorted: Record<string, string | undefined> = {};
  for (const key of Object.keys(data).sort()) sorted[key] = data[key];
  return new Secret(JSON.stringify(sorted));
}

/** The link data as JSON, without some of its keys. */
export function linkWithout(assignment: Assignment, left: ReadonlySet<string>): string {
  const text = assignment.link.reveal();
  // Nearly always there is none of them. A value that only looks like a key costs this one person the long way.
  if (![...left].some((key) => text.includes(`"${key}":`))) return text;
  return JSON.stringify(
    Object.fromEntries(Object.entries(linkDataOf(assignment)).filter(([key]) => !left.has(key))),
  );
}

export function linkDataOf(assignment: Assignment): LinkData {
  return JSON.parse(assignment.link.reveal()); // linkSecret's own text
}
