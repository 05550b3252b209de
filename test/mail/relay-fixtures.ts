import { silentLogger } from '../../src/lib/log.js';
import { createRelay, type Relay, type RelayConnection } from '../../src/mail/relay.js';
import { classify, type SendResult } from '../../src/mail/replies.js';
import { recipientsSchema, smtpSchema } from '../../src/mail/schema.js';

export const recipients = recipientsSchema({ dir: '/' }).parse({
  allowedDomains: ['corp.example', '*.corp.example'],
});

export const smtpSettings = (port: number, more: object = {}) =>
  smtpSchema({ dir: '/' }).parse({
    host: '127.0.0.1',
    port,
    tls: 'none',
    name: 'rollcall.corp.example',
    from: 'Video Team <video@corp.example>',
    connections: 2,
    ...more,
  });

export const relayTo = (port: number, more: object = {}): Relay =>
  createRelay({ settings: smtpSettings(port, more), recipients, allowPlaintext: false, log: silentLogger });

export function messageOfId(id: string): Buffer {
  return Buffer.from(`Message-ID: <${id}@corp.example>\r\nSubject: x\r\n\r\nHello\r\n.dot\r\n`);
}

export async function connect(relay: Relay): Promise<RelayConnection> {
  const connection = await relay.acquire();
  if ('verdict' in connection) throw connection.error;
  return connection;
}

/** Sends one message over a connection of its own turn. */
export async function sendOne(
  relay: Relay,
  id: string,
  more: { to?: string; onBody?: () => Promise<boolean>; signal?: AbortSignal } = {},
): Promise<SendResult> {
  const connection = await connect(relay);
  try {
    return await connection.send({
      envelope: { from: 'bounces+x@corp.example', to: more.to ?? 'ada@corp.example' },
      message: messageOfId(id),
      envelopeId: id,
      onBody: more.onBody ?? (async () => true),
      ...(more.signal && { signal: more.signal }),
    });
  } finally {
    connection.release();
  }
}

/** What the end of one attempt means, also where there was no connection to make it over. */
export async function verdictOf(relay: Relay, id: string): Promise<string> {
  const connection = await relay.acquire();
  if ('verdict' in connection) return connection.verdict.status;
  connection.release();
  return classify(await sendOne(relay, id)).status;
}
