const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 5, 10, 30, 60, 120, 365].map((count) => count * DAY),
];

/** As many as stand beside one another on a telephone. */
const MOST = 5;

/** Round times between two, in milliseconds since the epoch, with the part of each that tells them apart; all UTC. */
export function ticksBetween(start: number, end: number): { at: number; label: string }[] {
  const step =
    STEPS.find((each) => (end - start) / each <= MOST) ??
    Math.ceil((end - start) / MOST / (365 * DAY)) * 365 * DAY;
  const ticks: { at: number; label: string }[] = [];
  for (let at = Math.ceil(start / step) * step; at <= end; at += step)
    ticks.push({ at, label: label(at, step) });
  // A run of less than a second has no round time in it.
  return ticks.length > 0 ? ticks : [{ at: start, label: label(start, SECOND) }];
}

function label(at: number, step: number): string {
  const iso = new Date(at).toISOString();
  if (step >= DAY) return iso.slice(0, 10);
  return step < MINUTE ? iso.slice(11, 19) : iso.slice(11, 16);
}
