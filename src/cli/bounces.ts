import type { Settings } from '../campaign/settings-schema.js';
import type { BounceContext, BounceCounts } from '../delivery/bounces.js';
import type { Notifier } from '../planning/notify.js';
import type { Store } from './store.js';
import { facts } from './table.js';

/** What the bounces of a store's deliveries are read with. */
export function bounceContext(
  store: Store,
  settings: Settings<'smtp' | 'bounces' | 'notify'>,
  notifier: Notifier,
): BounceContext {
  const { ledger, keyring, clock, log } = store;
  const { smtp, bounces, notify } = settings;
  const limit = bounces.maxSuppressionsPerDay;
  const said = new Set<string>();
  return {
    ledger,
    keyring,
    smtp,
    bounces,
    clock,
    log,
    onLimit: async (day) => {
      if (said.has(day)) return;
      said.add(day);
      const text = `More than ${limit} addresses bounced for good on ${day} (UTC): no more are suppressed until tomorrow.`;
      log.warn({ day, limit }, text);
      if (notify?.on.includes('bounces'))
        await notifier.note(`suppressions:${day}`, {
          subject: `Rollcall: more than ${limit} hard bounces on ${day}`,
          text: `${text}\n\n${ADVICE}\n`,
        });
    },
  };
}

const ADVICE = `So many at once are rarely so many people who left: look first whether the relay or the directory is at fault.
Every bounce is recorded all the same.

What bounced, and why: rollcall report CAMPAIGN --format html --out report.html
What is suppressed:    rollcall suppress list
To suppress another:   rollcall suppress add ADDRESS --reason TEXT
To lift one:           rollcall suppress remove ADDRESS
The limit:             bounces.maxSuppressionsPerDay in the settings`;

/** What came of a mailbox, for people. */
export function bouncesText(counts: BounceCounts): string {
  if (counts.read === 0) return 'There was no message to read.';
  const { aside } = counts;
  const some = (count: number, what: string) => (count === 0 ? undefined : `${count}${what}`);
  return facts([
    ['read', String(counts.read)],
    ['status changed', some(counts.applied, '')],
    ['written down', some(counts.noted, ', the status stays')],
    ['taken before', some(counts.known, '')],
    ['nothing new', some(counts.ignored, ', the delivery was over already')],
    ['suppressed', some(counts.suppressed, ' (see "rollcall suppress list")')],
    ['not suppressed', some(counts.held, ', over bounces.maxSuppressionsPerDay')],
    ['automatic answers', some(aside.autoReply, ', put aside')],
    ['other reports', some(aside.otherReport, ', put aside')],
    ['not ours', some(aside.notOurs, ', put aside')],
    ['forged', some(aside.forged, ', put aside')],
    ['unreadable', some(aside.unreadable, ', put aside')],
  ]);
}
