import type { PreparedCampaign } from '../campaign/prepare.js';
import type { Directory } from '../directory/directory.js';
import type { Clock } from '../lib/clock.js';
import { RollcallError } from '../lib/errors.js';
import { composeMail } from '../mail/compose.js';
import { createMessageId } from '../mail/message-id.js';
import { checkRecipient } from '../mail/recipients.js';
import type { Relay } from '../mail/relay.js';
import { classify, type Reply } from '../mail/replies.js';
import type { RecipientSettings, SmtpSettings } from '../mail/schema.js';
import { findPerson } from './find-person.js';

export interface TestSendContext {
  readonly directory: Directory;
  readonly campaign: PreparedCampaign;
  readonly relay: Relay;
  readonly smtp: SmtpSettings;
  readonly recipients: RecipientSettings;
  readonly clock: Clock;
  readonly newId: () => string;
}

export interface TestSend {
  readonly person: string;
  readonly to: string;
  readonly subject: string;
  readonly reply: Reply;
}

/**
 * One message with that person's data to an admin's address; the ledger learns nothing of it. Secrets are masked unless
 * `reveal`: the message goes to somebody whose credentials these are not.
 * @throws ROLLCALL_ERR_UNKNOWN_PERSON, ROLLCALL_ERR_RECIPIENT, ROLLCALL_ERR_NOT_SENT
 */
export async function testSend(
  context: TestSendContext,
  request: { person: string; to: string; reveal: boolean; signal: AbortSignal },
): Promise<TestSend> {
  const { campaign, relay, smtp, recipients, clock } = context;
  const recipient = checkRecipient(request.to, recipients);
  if (!recipient.ok) throw new RollcallError('ROLLCALL_ERR_RECIPIENT', `${request.to}: ${recipient.detail}.`);

  const person = await findPerson(context, request.person);
  const result = campaign.assign(person, { mask: !request.reveal });
  if (result.kind === 'skipped') {
    throw new RollcallError(
      'ROLLCALL_ERR_UNKNOWN_PERSON',
      `${person.dn} gets no mail from ${campaign.campaign.name}: ${result.detail ?? result.reason}.`,
    );
  }
  const rendered = await campaign.render(result.assignment);
  const id = context.newId();
  const connection = await relay.acquire(request.signal);
  if ('verdict' in connection) throw notSent(connection.verdict.reply);
  try {
    const sent = await connection.send({
      envelope: { from: smtp.bounceAddress ?? smtp.from.address, to: recipient.envelopeTo },
      message: composeMail({
        from: smtp.from,
        replyTo: smtp.replyTo,
        to: recipient.address,
        redirectAllTo: recipients.redirectAllTo,
        ...rendered,
        subject: `[test] ${rendered.subject}`,
        messageId: createMessageId(`test|${id}`, smtp.from.domain),
        date: clock.now(),
      }),
      envelopeId: id,
      onBody: async () => true,
      signal: request.signal,
    });
    const verdict = classify(sent);
    if (verdict.status !== 'sent') throw notSent(verdict.reply);
    return { person: person.id, to: recipient.envelopeTo, subject: rendered.subject, reply: verdict.reply };
  } finally {
    connection.release();
  }
}

const notSent = ({ code, text }: Reply) =>
  new RollcallError(
    'ROLLCALL_ERR_NOT_SENT',
    `The relay did not take the message: ${code > 0 ? `${code} ` : ''}${text.replace(/\.$/, '')}.`,
  );
