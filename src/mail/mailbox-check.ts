import { messageOf, RollcallError } from '../lib/errors.js';
import type { CheckLine } from '../model/check.js';
import { openMailbox } from './mailbox.js';
import type { ImapSettings } from './schema.js';

/** Logs in to the bounce mailbox as `start` would, and reads nothing. */
export async function checkMailbox(imap: ImapSettings, allowPlaintext: boolean): Promise<CheckLine> {
  const what = `Bounces ${imap.mailbox} at ${imap.host}:${imap.port}`;
  try {
    const mailbox = await openMailbox(imap, allowPlaintext);
    await mailbox.close();
    return { what, state: 'ok', detail: `Logged in as ${imap.user}, with folders for what was read.` };
  } catch (error) {
    return error instanceof RollcallError
      ? { what, state: 'failed', detail: error.message, code: error.code, hint: error.hint }
      : { what, state: 'failed', detail: messageOf(error) };
  }
}
