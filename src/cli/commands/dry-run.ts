import { createDirectory } from '../../directory/directory.js';
import { dryRun } from '../../dry-run/dry-run.js';
import { readEarlier } from '../../dry-run/earlier.js';
import { refuseForeign } from '../../dry-run/folder.js';
import { type Clock, systemClock } from '../../lib/clock.js';
import { RollcallError } from '../../lib/errors.js';
import { fixedKeyring } from '../../lib/keyring.js';
import { findPerson } from '../../steering/find-person.js';
import { prepare, readCampaign } from '../campaign-files.js';
import { campaignPositional, defineCommand } from '../command.js';
import { dryRunDocument, dryRunText } from '../dry-run-text.js';
import { tellingGithub } from '../github-step.js';
import type { Session } from '../session.js';
import { openLog } from '../store.js';
import { wholeNumber } from '../usage.js';

const sections = ['directory', 'recipients', 'sender'] as const;

export const command = defineCommand({
  positionals: { campaign: campaignPositional },
  options: {
    out: { type: 'string', requiresArg: true, demandOption: true, describe: 'The folder to write' },
    person: {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'Only this person: id, uid, sAMAccountName, mail or DN; may be given again',
    },
    limit: { type: 'string', requiresArg: true, describe: 'Only the first so many mails, by DN' },
    against: { type: 'string', requiresArg: true, describe: 'An earlier dry run: show what differs' },
    format: {
      choices: ['text', 'github'],
      default: 'text',
      describe: 'github: also workflow annotations and a step summary',
    },
    'reveal-secrets': {
      type: 'boolean',
      default: false,
      describe: 'Real passwords and links; on a terminal only, never in CI',
    },
  },
  stopsItself: true,
  run: async (flags, session) => {
    const { out, env, signal } = session;
    const run = async (): Promise<number> => {
      const revealSecrets = flags['reveal-secrets'];
      if (revealSecrets) refuseReveal(session);
      const limit = wholeNumber(flags.limit, '--limit');
      const date = messageDate(env);
      await refuseForeign(flags.out);
      const against = flags.against === undefined ? undefined : await readEarlier(flags.against);

      const read = await readCampaign(flags, sections, session);
      const { directory: server, recipients, sender, paths, allowPlaintext } = read.settings;
      const keyring = fixedKeyring();
      const campaign = await prepare(flags, read, { keyring, clock: { ...systemClock, now: () => date } });
      const directory = createDirectory({
        settings: server,
        allowPlaintext,
        clock: accountClock(env, date),
        log: openLog(session),
      });
      const wanted = flags.person?.map(async (who) => (await findPerson({ directory, campaign }, who)).id);
      const done = await dryRun(
        {
          campaign,
          directory,
          keyring,
          sender,
          redirectAllTo: recipients.redirectAllTo,
          templates: paths.templates,
        },
        {
          out: flags.out,
          ...(wanted && { only: new Set(await Promise.all(wanted)) }),
          ...(limit !== undefined && { limit }),
          ...(against && { against }),
          revealSecrets,
          date,
          onProgress: (count, of) => out.progress.update(count, of, 'Rendering'),
          signal,
        },
      );
      out.progress.clear();
      const document = dryRunDocument(done, flags.out);
      out.show(document, dryRunText);
      if (flags.format === 'github') await tellingGithub(session, done);
      return document.counts.errors > 0 ? 1 : 0;
    };
    try {
      return await run();
    } catch (error) {
      if (flags.format === 'github' && error instanceof RollcallError)
        await tellingGithub(session, error, flags.campaign);
      throw error;
    }
  },
});

/** @throws ROLLCALL_ERR_REVEAL: a folder of passwords belongs on nobody's build server. */
function refuseReveal({ out, env }: Session): void {
  const why =
    env['CI'] !== undefined ? 'the variable CI is set' : out.interactive ? undefined : 'there is no terminal';
  if (why === undefined) return;
  throw new RollcallError('ROLLCALL_ERR_REVEAL', `--reveal-secrets is refused: ${why}.`);
}

/** The Date of the mails where SOURCE_DATE_EPOCH is not set. */
const DATE = Date.UTC(2000, 0, 1);

/** In milliseconds. See reproducible-builds.org, "SOURCE_DATE_EPOCH". */
function messageDate(env: NodeJS.ProcessEnv): number {
  const seconds = wholeNumber(env['SOURCE_DATE_EPOCH'] || undefined, 'SOURCE_DATE_EPOCH', 0);
  return seconds === undefined ? DATE : seconds * 1000;
}

/** Whose account has expired depends on the day: that of SOURCE_DATE_EPOCH, else today. */
function accountClock(env: NodeJS.ProcessEnv, date: number): Clock {
  return env['SOURCE_DATE_EPOCH'] ? { ...systemClock, now: () => date } : systemClock;
}
