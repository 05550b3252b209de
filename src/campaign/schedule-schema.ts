import { CronExpressionParser } from 'cron-parser';
import { z } from 'zod';
import { didYouMean } from '../lib/closest.js';
import { messageOf } from '../lib/errors.js';
import { duration } from '../settings/fields.js';

/** A time zone's IANA name, as this machine's Node knows them. */
const timezone = () =>
  z
    .string()
    .min(1)
    .superRefine((name, context) => {
      if (isTimezone(name)) return;
      context.addIssue({
        code: 'custom',
        message: `"${name}" is no time zone`,
        params: {
          code: 'ROLLCALL_ERR_SCHEDULE',
          hint:
            didYouMean(name, Intl.supportedValuesOf('timeZone')) ??
            'Write an IANA name such as Europe/London, or UTC.',
        },
      });
    });

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const cron = () =>
  z
    .string()
    .trim()
    .superRefine((text, context) => {
      const wrong = cronFault(text);
      if (wrong === undefined) return;
      context.addIssue({
        code: 'custom',
        message: `"${text}" is no cron expression: ${wrong}`,
        params: {
          code: 'ROLLCALL_ERR_SCHEDULE',
          hint: 'Write five fields, such as "30 2 * * *" for 02:30 each night.',
        },
      });
    });

/** What is wrong with it; undefined where nothing is. Stricter than the parser, which fills in fields that are missing. */
function cronFault(text: string): string | undefined {
  const fields = text.split(/\s+/);
  if (fields.length !== 5) return `it has ${fields.length} fields and not five`;
  // The parser's H is another minute in each process: two of them would not agree on the slots.
  if (fields.some((field) => /(^|,)h/i.test(field))) return 'H is not supported';
  try {
    CronExpressionParser.parse(text, { tz: 'UTC' }).next();
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** `schedule:` of a campaign: when `rollcall start` runs it. */
export const scheduleSchema = () =>
  z.strictObject({
    cron: cron(),
    timezone: timezone().default('UTC'),
    maxLateness: duration().prefault('6h'),
  });

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const timeOfDay = () =>
  z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'a time of day is written "07:00", in quotes');

/** `window:` of a campaign: when its deliveries may go out. `to` before `from` passes midnight. */
export const windowSchema = () =>
  z
    .strictObject({
      days: z
        .array(z.enum(days))
        .min(1)
        .default([...days]),
      from: timeOfDay(),
      to: timeOfDay(),
      timezone: timezone().default('UTC'),
    })
    .refine(({ from, to }) => from !== to, {
      path: ['to'],
      message: 'is the same as from: the window would never be open',
    });
