import { z } from 'zod';
import { RollcallError } from '../lib/errors.js';
import { Secret } from '../lib/secret.js';
import { deliveryStatuses } from '../model/status.js';
import type { LedgerParts } from './context.js';
import { scanSortedSet } from './pages.js';
import { packReply } from './reply.js';
import type { Claim, DeliveryLedger, DeliveryResult } from './types.js';

const doneStatus = z.enum([...deliveryStatuses, 'unknown']);
const parkedWhy = z.enum(['paused', 'canary']);
const recordAnswer = z.enum(['recorded', 'late', 'refused']);
const ids = z.array(z.string());

/** What a worker needs of the ledger: one round trip a step, for all deliveries that take it at the same time. */
export function createDeliveryLedger(parts: LedgerParts): DeliveryLedger {
  const { redis, keys, keyring, clock, script, step } = parts;
  const [takeClaim, takeRecord] = [step('claim'), step('record')];

  return {
    async claim(delivery, { token, leaseMs }) {
      const [kind, ...values] = buffersOf(await takeClaim(delivery, token, leaseMs));
      const texts = values.map((value) => value.toString('utf8'));
      switch (kind?.toString()) {
        case 'done':
          return { kind: 'done', status: doneStatus.parse(texts[0]) };
        case 'later':
          return { kind: 'later', at: Number(texts[0]) };
        case 'parked':
          return { kind: 'parked', why: parkedWhy.parse(texts[0]) };
        default:
          return claimed(delivery, texts, values.at(-1), (sealed) => keyring.unseal(sealed, delivery));
      }
    },

    renew: async (delivery, token, leaseMs) => (await script('renew', delivery, token, leaseMs)) === 1,

    // At once and by itself, since a mail server waits for it meanwhile.
    beginBody: async (delivery, token) => (await script('begin-body', delivery, token)) === 1,

    async record(delivery, token, result) {
      // As a wait, since Redis's clock and not this machine's says when it is over.
      const wait = 'notBefore' in result ? Math.max(0, Math.ceil(result.notBefore - clock.now())) : 0;
      const detail = result.status === 'failed' ? (result.detail ?? '') : '';
      const code = result.status === 'failed' ? (result.code ?? '') : '';
      // what expired keeps the reply that it was last deferred with: it says why
      const keepsLast = result.status === 'queued' || result.status === 'expired';
      const reply = keepsLast ? '' : packReply(result.reply);
      const note = noteOf(result);
      return recordAnswer.parse(
        String(await takeRecord(delivery, token, result.status, wait, detail, code, reply, note)),
      );
    },

    sweep: async (limit) => ids.parse(await script('sweep', limit)),

    async *open() {
      for await (const page of scanSortedSet(redis, keys.open))
        yield page.map(([delivery, notBefore]) => ({ delivery, notBefore }));
    },
  };
}

/** Checked by hand: a schema would take as long as the rest of the reading. */
function buffersOf(answer: unknown): Buffer[] {
  if (Array.isArray(answer) && answer.every((value) => Buffer.isBuffer(value))) return answer;
  throw new RollcallError('ROLLCALL_ERR_INTERNAL', 'Redis answered a claim with something else.');
}

function claimed(
  delivery: string,
  texts: readonly string[],
  sealed: Buffer | undefined,
  unseal: (sealed: Buffer) => Buffer,
): Claim {
  const [campaign = '', run = '', person = '', sequence, attempt, address = '', date, firstAttempt, doubts] =
    texts;
  if (!sealed)
    throw new RollcallError('ROLLCALL_ERR_INTERNAL', `The delivery ${delivery} has lost its payload.`);
  return {
    kind: 'claimed',
    delivery,
    campaign,
    run,
    person,
    sequence: Number(sequence),
    attempt: Number(attempt),
    address,
    payload: new Secret(unseal(sealed).toString('utf8')),
    date: Number(date),
    firstAttempt: Number(firstAttempt),
    resentAfterDoubt: Number(doubts),
  };
}

/** The line of history: the server's words, or the reason where it said nothing. */
function noteOf(result: DeliveryResult): string {
  if (result.status === 'queued') return result.reason;
  const { code, enhanced, text } = result.reply;
  return [code || undefined, enhanced, text].filter(Boolean).join(' ');
}
