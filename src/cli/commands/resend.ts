import { RollcallError } from '../../lib/errors.js';
import { type DeliveryStatus, deliveryStatuses } from '../../model/status.js';
import { actorOf } from '../../steering/actor.js';
import { type Selection, selectAudience } from '../../steering/resend.js';
import { campaignPositional, defineCommand } from '../command.js';
import { confirm } from '../confirm.js';
import { runCampaign } from '../run-campaign.js';
import { exitOfRun } from '../run-exit.js';
import { runText } from '../run-text.js';
import { durationFlag } from '../usage.js';

export const command = defineCommand({
  positionals: { campaign: campaignPositional },
  options: {
    person: {
      type: 'string',
      array: true,
      describe: 'These people: stable id, uid, sAMAccountName, mail or DN',
    },
    status: {
      type: 'string',
      array: true,
      describe: 'Everybody whose last delivery has one of these statuses',
    },
    run: { type: 'string', requiresArg: true, describe: 'Everybody who got a delivery in this run' },
    all: { type: 'boolean', default: false, describe: 'Everybody who was ever written to' },
    reason: { type: 'string', requiresArg: true, demandOption: true, describe: 'Why, for the log' },
    yes: { type: 'boolean', default: false, describe: 'Do not ask; needed where there is no terminal' },
    wait: {
      type: 'boolean',
      default: false,
      describe: 'Send here too, until nothing more happens to this run',
    },
    timeout: { type: 'string', requiresArg: true, default: '1h', describe: 'How long --wait waits at most' },
  },
  stopsItself: true,
  run: async (flags, session) => {
    const { config, json, campaign, wait, timeout } = flags;
    const reason = reasonOf(flags.reason);
    const timeoutMs = durationFlag(timeout, '--timeout');
    const waitMs = wait ? timeoutMs : undefined;
    const selection = selectionOf(flags);
    const run = await runCampaign({ config, json, campaign, waitMs, acceptCount: undefined }, session, {
      reason,
      actor: actorOf(session.env),
      choose: async (context) => {
        const audience = await selectAudience(context, selection);
        const { name } = context.campaign.campaign;
        if (audience.size === 0) session.out.note(`Nobody of ${name} fits: nothing is sent.`);
        else if (!flags.yes) await confirm(question(audience.size, name), session);
        return audience;
      },
    });
    session.out.show(run, runText);
    return exitOfRun(run, wait);
  },
});

/** On one line, since it becomes a line of history. @throws ROLLCALL_ERR_USAGE where there is none */
function reasonOf(text: string): string {
  const reason = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  if (reason !== '') return reason;
  throw new RollcallError(
    'ROLLCALL_ERR_USAGE',
    '--reason wants a few words: why these people are written to once more.',
  );
}

const question = (people: number, campaign: string) =>
  `Write to ${people === 1 ? '1 person' : `${people} people`} of ${campaign} once more?`;

/** @throws ROLLCALL_ERR_USAGE unless exactly one kind of selection is given */
function selectionOf(flags: {
  readonly person?: string[] | undefined;
  readonly status?: string[] | undefined;
  readonly run?: string | undefined;
  readonly all: boolean;
}): Selection {
  const { person, status, run, all } = flags;
  const selections: Selection[] = [];
  if (person !== undefined) selections.push({ by: 'person', people: person });
  if (status !== undefined) selections.push({ by: 'status', statuses: status.map(statusOf) });
  if (run !== undefined) selections.push({ by: 'run', run });
  if (all) selections.push({ by: 'all' });
  const [selection, another] = selections;
  if (selection !== undefined && another === undefined) return selection;
  throw new RollcallError(
    'ROLLCALL_ERR_USAGE',
    'Say whom to write to once more: one of --person, --status, --run or --all.',
  );
}

function statusOf(text: string): DeliveryStatus {
  const status = deliveryStatuses.find((known) => known === text);
  if (status !== undefined) return status;
  throw new RollcallError(
    'ROLLCALL_ERR_USAGE',
    `"${text}" is no status: there are ${deliveryStatuses.join(', ')}.`,
  );
}
