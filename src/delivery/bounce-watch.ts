import { messageOf } from '../lib/errors.js';
import { type Mailbox, openMailbox } from '../mail/mailbox.js';
import type { ImapSettings } from '../mail/schema.js';
import { type BounceContext, readBounces } from './bounces.js';

export interface BounceWatch extends BounceContext {
  readonly imap: ImapSettings;
  readonly allowPlaintext: boolean;
}

/** RFC 2177 asks for a new IDLE every 29 minutes; firewalls forget a silent connection sooner. */
const IDLE_MS = 5 * 60_000;
/** A mailbox that cannot be read is tried again after these waits, the last of them repeated. */
const RETRY_MS = [5_000, 30_000, 60_000, 300_000] as const;

/**
 * Reads the bounce mailbox, and again whenever something arrives (IDLE), until it is stopped. A mailbox that is away is
 * logged and waited for: bounces lose nothing by it, and sending goes on.
 */
export async function watchBounces(context: BounceWatch, signal: AbortSignal): Promise<void> {
  const { imap, log, clock } = context;
  let failures = 0;
  while (!signal.aborted) {
    let mailbox: Mailbox | undefined;
    try {
      mailbox = await openMailbox(imap, context.allowPlaintext, signal);
      while (!signal.aborted) {
        const counts = await readBounces(context, mailbox.messages());
        failures = 0;
        if (counts.read > 0) log.info({ ...counts, ...counts.aside }, 'bounces were read');
        await mailbox.waitForNew(IDLE_MS, signal);
      }
    } catch (error) {
      if (!signal.aborted) log.warn({ error: messageOf(error) }, 'the bounce mailbox cannot be read for now');
      failures += 1;
    } finally {
      await mailbox?.close();
    }
    if (signal.aborted) return;
    const wait = RETRY_MS[Math.min(failures, RETRY_MS.length) - 1] ?? RETRY_MS[0];
    await clock.sleep(wait, signal).catch(() => {});
  }
}
