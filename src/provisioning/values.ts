import { RollcallError } from '../lib/errors.js';

const CONTROL = /\p{Cc}/u;

/** A value that cannot be provisioned, for one person. The message names the field, never the value. */
export function unusable(field: string, why: string): RollcallError {
  return new RollcallError('ROLLCALL_ERR_UNUSABLE_VALUE', `The ${field} ${why}.`, { facts: { field } });
}

/** @throws ROLLCALL_ERR_UNUSABLE_VALUE where the value has control characters or half of a surrogate pair in it. */
export function refuseControls(field: string, value: string | undefined): void {
  if (value === undefined) return;
  if (CONTROL.test(value)) throw unusable(field, 'has a control character (a line break or the like) in it');
  refuseBrokenText(field, value);
}

/** @throws ROLLCALL_ERR_UNUSABLE_VALUE where half of a surrogate pair is in it, which has no UTF-8. */
export function refuseBrokenText(field: string, value: string | undefined): void {
  if (value !== undefined && /\p{Surrogate}/u.test(value)) throw unusable(field, 'is no valid Unicode text');
}

/** Entries without those that have no value. */
export function present(data: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(data).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
