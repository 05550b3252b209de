import { PyError } from '../errors.js';
import { PyDateTime } from './objects.js';

const two = (value: number): string => value.toString().padStart(2, '0');

/** Python's datetime.isoformat(separator). */
export function isoFormat(at: PyDateTime, separator: string): string {
  const micros = at.microsecond ? `.${at.microsecond.toString().padStart(6, '0')}` : '';
  const date = `${at.year.toString().padStart(4, '0')}-${two(at.month)}-${two(at.day)}`;
  return `${date}${separator}${two(at.hour)}:${two(at.minute)}:${two(at.second)}${micros}${offset(at, ':')}`;
}

function offset({ offset: minutes }: PyDateTime, colon: string): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${colon}${two(size % 60)}`;
}

/** The moment in a time zone of the IANA database. */
export function inZone(epochMs: number, zone: string): PyDateTime {
  let parts: Intl.DateTimeFormatPart[];
  try {
    parts = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      timeZoneName: 'short',
    }).formatToParts(epochMs);
  } catch {
    throw new PyError('ValueError', `pex_now: there is no time zone ${JSON.stringify(zone)}`);
  }
  const text = (type: string): string => parts.find((part) => part.type === type)?.value ?? '0';
  const field = (type: string): number => Number(text(type));
  const [year, month, day] = [field('year'), field('month'), field('day')];
  const [hour, minute, second] = [field('hour'), field('minute'), field('second')];
  const local = Date.UTC(year, month - 1, day, hour, minute, second);
  return new PyDateTime({
    year,
    month,
    day,
    hour,
    minute,
    second,
    microsecond: (((epochMs % 1000) + 1000) % 1000) * 1000,
    offset: Math.round((local - Math.floor(epochMs / 1000) * 1000) / 60_000),
    zone: text('timeZoneName'),
  });
}

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** Python's date.weekday(): Monday is 0. */
export function weekday(at: PyDateTime): number {
  return (new Date(Date.UTC(at.year, at.month - 1, at.day)).getUTCDay() + 6) % 7;
}

/** Python's strftime, in the C locale. */
export function strftime(at: PyDateTime, format: string): string {
  const hour12 = at.hour % 12 === 0 ? 12 : at.hour % 12;
  const day = weekday(at);
  const yearDay = Math.round(
    (Date.UTC(at.year, at.month - 1, at.day) - Date.UTC(at.year, 0, 1)) / 86_400_000,
  );
  const fields: Readonly<Record<string, string>> = {
    Y: at.year.toString(),
    y: two(at.year % 100),
    m: two(at.month),
    d: two(at.day),
    e: at.day.toString().padStart(2, ' '),
    H: two(at.hour),
    I: two(hour12),
    M: two(at.minute),
    S: two(at.second),
    f: at.microsecond.toString().padStart(6, '0'),
    p: at.hour < 12 ? 'AM' : 'PM',
    A: DAYS[day] ?? '',
    a: (DAYS[day] ?? '').slice(0, 3),
    B: MONTHS[at.month - 1] ?? '',
    b: (MONTHS[at.month - 1] ?? '').slice(0, 3),
    j: (yearDay + 1).toString().padStart(3, '0'),
    w: ((day + 1) % 7).toString(),
    u: (day + 1).toString(),
    z: offset(at, ''),
    Z: at.zone,
    F: `${at.year}-${two(at.month)}-${two(at.day)}`,
    T: `${two(at.hour)}:${two(at.minute)}:${two(at.second)}`,
    D: `${two(at.month)}/${two(at.day)}/${two(at.year % 100)}`,
    R: `${two(at.hour)}:${two(at.minute)}`,
    '%': '%',
  };
  return format.replace(/%(.)/gs, (all, code: string) => fields[code] ?? all);
}
