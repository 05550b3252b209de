/** Quiet hours: the weekdays and the hours of the day, in one time zone, in which messages may go out. */
export interface Window {
  readonly days: readonly string[];
  /** "07:00" */
  readonly from: string;
  /** "19:00"; earlier than `from` where the window passes midnight. */
  readonly to: string;
  readonly timezone: string;
}

const MINUTE = 60_000;
/** Far enough to find an open minute of any window: a week, and an hour for a change of the clocks. */
const HORIZON_MINUTES = 7 * 24 * 60 + 60;

/**
 * Gives, for an instant, the one at which the window is open next (both in milliseconds since the epoch): the instant
 * itself where it is open. Asks the time zone's own calendar minute by minute rather than computing with offsets, so that
 * a change of the clocks cannot shift it, and remembers the answer, since a whole night's deliveries ask the same.
 */
export function windowOf(window: Window): (now: number) => number {
  const isOpen = openAt(window);
  let closed = { from: 0, until: 0 };

  return (now) => {
    if (now >= closed.from && now < closed.until) return closed.until;
    if (isOpen(now)) return now;
    const nextMinute = Math.ceil((now + 1) / MINUTE) * MINUTE;
    let until = nextMinute;
    for (let minutes = 0; minutes < HORIZON_MINUTES && !isOpen(until); minutes += 1) until += MINUTE;
    closed = { from: now, until };
    return until;
  };
}

function openAt({ days, from, to, timezone }: Window): (instant: number) => boolean {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const allowed = new Set(days.map((day) => day.slice(0, 3).toLowerCase()));
  const week = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

  return (instant) => {
    const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, value]));
    const day = (parts.get('weekday') ?? '').toLowerCase();
    const time = `${parts.get('hour')}:${parts.get('minute')}`;
    if (from <= to) return allowed.has(day) && time >= from && time < to;
    // Past midnight: the hours after it belong to the day before.
    if (time >= from) return allowed.has(day);
    return time < to && allowed.has(week[(week.indexOf(day) + 6) % 7] ?? '');
  };
}
