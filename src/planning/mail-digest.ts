import type { Clock } from '../lib/clock.js';
import { escapeHtml } from '../lib/escape-html.js';
import { composeMail } from '../mail/compose.js';
import { createMessageId } from '../mail/message-id.js';
import type { Relay } from '../mail/relay.js';
import { classify } from '../mail/replies.js';
import type { SmtpSettings } from '../mail/schema.js';
import type { Digest } from './digest.js';

/** Mails a digest to one address. @throws where the relay did not take it; then it was not sent. */
export async function mailDigest(
  { relay, smtp, clock }: { readonly relay: Relay; readonly smtp: SmtpSettings; readonly clock: Clock },
  {
    id,
    to,
    digest: { subject, text },
  }: { readonly id: string; readonly to: string; readonly digest: Digest },
): Promise<void> {
  const connection = await relay.acquire();
  if ('verdict' in connection) throw connection.error;
  try {
    const messageId = createMessageId(`digest|${id}|${to}`, smtp.from.domain);
    const result = await connection.send({
      envelope: { from: smtp.bounceAddress ?? smtp.from.address, to },
      message: composeMail({
        from: smtp.from,
        to,
        redirectAllTo: null,
        subject,
        text,
        html: [`<pre style="font: 14px/1.5 monospace">${escapeHtml(text)}</pre>`],
        pictures: [],
        messageId,
        date: clock.now(),
      }),
      envelopeId: messageId.replace(/[<>]/g, ''),
      onBody: async () => true,
    });
    const { status, reply } = classify(result);
    // One whose answer is not known may have arrived, and a second digest helps nobody.
    if (status !== 'sent' && status !== 'uncertain')
      throw new Error(`${status}: ${reply.code > 0 ? `${reply.code} ` : ''}${reply.text}`);
  } finally {
    connection.release();
  }
}
