import { RollcallError } from '../lib/errors.js';
import type { Logger } from '../lib/log.js';
import { isLoopback } from '../lib/loopback.js';
import { readCa } from '../lib/read-ca.js';
import type { CheckLine } from '../model/check.js';
import { checkRecipient } from './recipients.js';
import { checkRelay } from './relay-check.js';
import { noReply, parseReply, type SendResult, statedWait, type Verdict } from './replies.js';
import type { RecipientSettings, SmtpSettings } from './schema.js';
import { createSessionPool, type PooledSession, type SessionPool } from './session-pool.js';
import { openSession, type SmtpFeatures } from './smtp-session.js';
import { type Submission, sendMessage } from './transaction.js';

/** One connection of the relay's, ready for MAIL, in the hands of one caller. */
export interface RelayConnection {
  readonly features: SmtpFeatures;
  /**
   * Sends one message. `redirectAllTo` holds here whatever the envelope says.
   * @throws ROLLCALL_ERR_RECIPIENT where the recipient is not allowed, before anything is said to the server; and
   *   whatever `onBody` throws, with nothing of the body sent. Everything else is in the result.
   */
  send(submission: Submission): Promise<SendResult>;
  /** Gives it back, whatever happened; it is kept where it can still be used. */
  release(): void;
}

/** The relay refuses, is away, or does not let us in: nobody's fault. */
export interface RelayDown {
  readonly verdict: Extract<Verdict, { status: 'relay-down' }>;
  /** ROLLCALL_ERR_SMTP_*. */
  readonly error: RollcallError;
}

export interface Relay {
  /**
   * A ready connection: an idle one, a new one, or, where all are in use, the next that is given back. Where the server
   * cannot be used now, that verdict and why.
   * @throws the signal's reason, or ROLLCALL_ERR_TIMEOUT where all stayed in use for too long
   */
  acquire(signal?: AbortSignal): Promise<RelayConnection | RelayDown>;
  /** Ends idle connections now, the others when they are given back. */
  close(): Promise<void>;
  check(): Promise<CheckLine[]>;
}

export interface RelayOptions {
  readonly settings: SmtpSettings;
  readonly recipients: RecipientSettings;
  readonly allowPlaintext: boolean;
  readonly log: Logger;
}

/** @throws ROLLCALL_ERR_PLAINTEXT where the settings would send without TLS to another machine */
export function createRelay({ settings, recipients, allowPlaintext, log }: RelayOptions): Relay {
  if (settings.tls === 'none' && !allowPlaintext && !isLoopback(settings.host)) {
    throw new RollcallError(
      'ROLLCALL_ERR_PLAINTEXT',
      `smtp.tls is none and ${settings.host} is another machine: links and passwords could be read on the way.`,
    );
  }
  let isNoticed = false;
  const dial = async (signal?: AbortSignal) =>
    openSession({ settings, ca: settings.caFile && (await readCa(settings.caFile, 'smtp.caFile')), signal });
  const open = async (signal?: AbortSignal) => {
    const session = await dial(signal);
    if (!session.features.dsn && !isNoticed) {
      isNoticed = true;
      log.warn(
        { server: settings.host },
        'The SMTP server does not offer DSN: bounces may quote whole messages, and cannot be asked for.',
      );
    }
    return session;
  };
  const { timeouts } = settings;
  // whoever holds a connection gives it back after its last deadline at the latest
  const patience = timeouts.connect + timeouts.greeting + 3 * timeouts.reply + timeouts.final;
  const pool = createSessionPool({ size: settings.connections, patience, open });

  return {
    acquire: async (signal) => {
      try {
        return holdConnection(await pool.acquire(signal), { pool, recipients, settings });
      } catch (error) {
        return relayDown(error);
      }
    },
    close: () => pool.close(),
    check: () => checkRelay(settings, dial),
  };
}

function holdConnection(
  first: PooledSession,
  context: { pool: SessionPool; recipients: RecipientSettings; settings: SmtpSettings },
): RelayConnection {
  const { pool, recipients, settings } = context;
  let held = first;
  let isReleased = false;
  const attempt = async (submission: Submission) => {
    held.used++;
    held.state = 'gone'; // until the result says otherwise
    const result = await sendMessage(held.session, submission, settings);
    held.state = stateAfter(result);
    return result;
  };

  return {
    get features() {
      return held.session.features;
    },
    async send(submission) {
      if (isReleased)
        throw new RollcallError('ROLLCALL_ERR_INTERNAL', 'A connection is used after its release.');
      const { envelope, message, envelopeId, onBody, signal } = submission;
      let isAsked = false;
      const guarded: Submission = {
        envelope: { from: envelope.from, to: finalRecipient(envelope.to, recipients) },
        message,
        envelopeId,
        signal,
        onBody: () => {
          isAsked = true;
          return onBody();
        },
      };
      const isWorn = held.used > 0;
      const result = await attempt(guarded);
      // a server may end a session between two messages: that says nothing of this one, of which nothing was sent
      if (!isWorn || isAsked || !isEndOfSession(result)) return result;
      try {
        held = await pool.replace(held, signal);
      } catch (error) {
        if (signal?.aborted) return { ...result, fault: 'aborted' };
        return { ...result, reply: relayDown(error).verdict.reply, fault: 'unreachable' };
      }
      return attempt(guarded);
    },
    release() {
      if (!isReleased) pool.release(held);
      isReleased = true;
    },
  };
}

const isEndOfSession = ({ phase, fault, reply }: SendResult) =>
  phase === 'nothing' && (fault === 'lost' || reply.code === 421);

function stateAfter({ phase, fault, reply }: SendResult): PooledSession['state'] {
  if (fault === 'no-smtputf8' || fault === 'too-big') return 'ready';
  if (fault !== undefined || reply.code === 421) return 'gone';
  if (phase === 'answered') return 'ready';
  return phase === 'nothing' ? 'reset' : 'gone';
}

function relayDown(error: unknown): RelayDown {
  if (!(error instanceof RollcallError) || !error.code.startsWith('ROLLCALL_ERR_SMTP_')) throw error;
  const { reply } = error.facts;
  const said = typeof reply === 'string' ? parseReply(reply) : noReply(error.message);
  return { verdict: { status: 'relay-down', reply: said, retryAfterMs: statedWait(said.text) }, error };
}

function finalRecipient(to: string, recipients: RecipientSettings): string {
  const checked = checkRecipient(to, recipients);
  if (checked.ok) return checked.envelopeTo;
  throw new RollcallError('ROLLCALL_ERR_RECIPIENT', `A recipient was refused: ${checked.detail}.`);
}
