import { RollcallError } from '../lib/errors.js';
import { Secret } from '../lib/secret.js';
import type { Assignment, LinkData } from '../model/assignment.js';

/** Of the frozen form; an older one that cannot be read any more is planned again. */
const FORMAT = 1;

/** An assignment as text, its secrets in the clear: only ever sealed at rest. */
export function freeze(assignment: Assignment): Secret {
  const { password, link, ...open } = assignment;
  return new Secret(
    JSON.stringify({ format: FORMAT, ...open, password: password?.reveal(), link: link.reveal() }),
  );
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
  return new Secret(JSON.stringify(data, Object.keys(data).sort()));
}

export function linkDataOf(assignment: Assignment): LinkData {
  return JSON.parse(assignment.link.reveal()); // linkSecret's own text
}
