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

/** The parts in one object, without what has no value. Each key stands in one part. */
export function present(
  ...parts: readonly Readonly<Record<string, string | undefined>>[]
): Record<string, string> {
  // Set one by one: V8 makes a hidden class of its own for each object that spreads one and has more behind it.
  const data: Record<string, string> = {};
  for (const part of parts)
    for (const [key, value] of Object.entries(part)) if (value !== undefined) data[key] = value;
  return data;
}
