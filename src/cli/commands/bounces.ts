import { join } from 'node:path';
import { loadSettings } from '../../campaign/load-settings.js';
import { type BounceCounts, readBounces } from '../../delivery/bounces.js';
import { RollcallError } from '../../lib/errors.js';
import { openMailbox } from '../../mail/mailbox.js';
import { type FoundMessage, readMailFolder } from '../../mail/maildir.js';
import { createNotifier } from '../../planning/notify.js';
import { EX_TEMPFAIL, readPipe } from '../bounce-pipe.js';
import { bounceContext, bouncesText } from '../bounces.js';
import { defineCommand } from '../command.js';
import { asRollcallError, printFailure } from '../failure.js';
import type { Session } from '../session.js';
import { openStore } from '../store.js';
import { openRelay, workSections } from '../working.js';

const sections = [...workSections, 'bounces', 'notify'] as const;

export const command = defineCommand({
  positionals: {
    from: {
      type: 'string',
      describe: 'A Maildir or a folder of .eml files; "-": one message from stdin [default: bounces.imap]',
    },
  },
  run: async ({ config, from }, session) => {
    const { out, env } = session;
    try {
      out.show(await read(config, from, session), bouncesText);
      return 0;
    } catch (error) {
      if (from !== '-') throw error;
      // An MTA reads any other code as "lost for ever"; whatever is wrong here can be put right, and the message kept.
      printFailure(asRollcallError(error), out, env);
      return EX_TEMPFAIL;
    }
  },
});

async function read(config: string, from: string | undefined, session: Session): Promise<BounceCounts> {
  const settings = await loadSettings(config, sections, session.env);
  const { smtp, notify, paths, allowPlaintext, bounces } = settings;
  const store = await openStore(session, settings);
  const { redis, prefix, ledger, clock, log } = store;
  const relay = openRelay(session, store, settings);
  const notifier = createNotifier({ redis, prefix, ledger, relay, smtp, notify, clock, log });
  const readFrom = (messages: AsyncIterable<FoundMessage>) =>
    readBounces(bounceContext(store, settings, notifier), messages);

  if (from === '-') {
    const asideDir = join(paths.data, 'bounces-aside');
    return readFrom(readPipe(process.stdin, { asideDir, now: clock.now() }));
  }
  if (from !== undefined) return readFrom(readMailFolder(from));
  if (bounces.imap === undefined)
    throw new RollcallError('ROLLCALL_ERR_NO_BOUNCE_MAILBOX', 'The settings name no mailbox (bounces.imap).');
  const mailbox = await openMailbox(bounces.imap, allowPlaintext, session.signal);
  session.defer(() => mailbox.close());
  return readFrom(mailbox.messages());
}
