/** Cuts a long list into pieces, since a script's arguments and its hold on Redis must stay small. */
export function* chunks<T>(list: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < list.length; at += size) yield list.slice(at, at + size);
}
