import { randomUUID } from 'node:crypto';
import { setImmediate as endOfTurn } from 'node:timers/promises';
import { z } from 'zod';
import { chunks } from '../lib/chunks.js';
import { RollcallError } from '../lib/errors.js';
import { answer, type LedgerParts } from './context.js';
import { deliveryId } from './delivery-id.js';
import { scanHashFields, scanHashValues } from './pages.js';
import { knownPeople, packEntry, packHashes } from './person-row.js';
import type { PlanEntry, PlannerLock, PlanningLedger, PlanResult } from './types.js';

/** So many a script: some three milliseconds of Redis's time, during which nobody else is served. */
const PLAN_CHUNK = 125;
const PEOPLE_CHUNK = 1000;

const lockAnswer = z.tuple([z.enum(['held', 'busy']), z.string()]);
const beginAnswer = z.union([z.tuple([]), z.tuple([z.string(), z.number()])]);
/** The places, from 1, of those that were planned already and of those that are stale. */
const planAnswer = z.tuple([z.array(z.number()), z.array(z.number())]);

/** What a run needs of the ledger to plan. */
export function createPlanningLedger(parts: LedgerParts): PlanningLedger {
  const { redis, keys, keyring, identity, script } = parts;

  const plannerLock = (campaign: string, token: string, leaseMs: number): PlannerLock => ({
    campaign,
    token,
    async renew() {
      await script('renew-lock', campaign, token, leaseMs);
    },
    async release() {
      await script('release-lock', campaign, token);
    },
  });

  const planChunk = async (
    lock: PlannerLock,
    run: string,
    entries: readonly PlanEntry[],
  ): Promise<PlanResult[]> => {
    const ids = entries.map((entry) => deliveryId(lock.campaign, entry.person, entry.expectedSequence + 1));
    const args = entries.flatMap((entry, at) => {
      const id = ids[at] ?? '';
      return packEntry(entry, id, keyring.seal(entry.payload.reveal(), id));
    });
    const [already, stale] = planAnswer.parse(await script('plan', lock.campaign, lock.token, run, ...args));
    return entries.map(({ person, expectedSequence }, at) => {
      if (stale.includes(at + 1)) return { kind: 'stale', person };
      const kind = already.includes(at + 1) ? 'already' : 'planned';
      return { kind, person, delivery: ids[at] ?? '', sequence: expectedSequence + 1 };
    });
  };

  return {
    async lock(campaign, { holder, leaseMs }) {
      const [state, text] = lockAnswer.parse(await script('lock', campaign, randomUUID(), holder, leaseMs));
      if (state === 'busy')
        throw new RollcallError('ROLLCALL_ERR_LOCK_HELD', `${campaign} is being planned by ${text}.`, {
          facts: { holder: text },
        });
      return plannerLock(campaign, text, leaseMs);
    },

    async begin(lock, start) {
      const fields: (string | number)[] = ['trigger', start.trigger];
      if (start.slot !== undefined) fields.push('slot', start.slot);
      if (start.reason !== undefined) fields.push('reason', start.reason);
      if (start.actor !== undefined) fields.push('actor', start.actor);
      if (start.canary !== undefined && start.canary > 0) fields.push('canary', start.canary);
      if (start.maxFailed !== undefined) fields.push('maxFailed', start.maxFailed);
      if (start.uncertain === 'resend')
        fields.push('uncertain', 'resend', 'resendAfter', start.resendAfterMs ?? RESEND_AFTER_MS);
      const [run, epoch] = beginAnswer.parse(
        await script('begin', lock.campaign, lock.token, start.run, start.slot ?? '', ...fields),
      );
      if (epoch !== undefined) await identity.remember(epoch);
      return run;
    },

    async known(campaign, people) {
      const pages = await Promise.all(
        [...chunks(people, PEOPLE_CHUNK)].map((page) => script('known', campaign, JSON.stringify(page))),
      );
      return pages.flatMap(knownPeople);
    },

    async plan(lock, run, entries) {
      const pieces: Promise<PlanResult[]>[] = [];
      for (const chunk of chunks(entries, PLAN_CHUNK)) {
        const piece = planChunk(lock, run, chunk);
        piece.catch(() => {}); // heard below
        pieces.push(piece);
        await endOfTurn(); // it leaves, and Redis writes it while the next is sealed here
      }
      await Promise.allSettled(pieces); // a failure ends the run: nothing of it may still be on its way then
      return (await Promise.all(pieces)).flat();
    },

    async remember(lock, people) {
      for (const chunk of chunks(people, PEOPLE_CHUNK))
        await script(
          'remember',
          lock.campaign,
          lock.token,
          ...chunk.flatMap((one) => [one.person, packHashes(one)]),
        );
    },

    async passOver(lock, run, people) {
      for (const chunk of chunks(people, PLAN_CHUNK)) {
        const args = chunk.flatMap(({ cancel, ...passed }) => [
          passed.person,
          JSON.stringify(passed),
          cancel ?? '',
        ]);
        await script('pass-over', lock.campaign, lock.token, run, ...args);
      }
    },

    async population(campaign) {
      const [people, gone] = await answer(
        Promise.all([redis.hlen(keys.people(campaign)), redis.hlen(keys.gone(campaign))]),
      );
      return people - gone;
    },

    people: (campaign) => scanHashFields(redis, keys.people(campaign)),

    async missed(lock, people) {
      for (const chunk of chunks(people, PEOPLE_CHUNK))
        await script('missed', lock.campaign, lock.token, ...chunk);
    },

    async found(lock, people) {
      for (const chunk of chunks(people, PEOPLE_CHUNK))
        await script('found', lock.campaign, lock.token, ...chunk);
    },

    async missing(campaign) {
      const [missing, gone] = await answer(
        Promise.all([redis.hkeys(keys.missing(campaign)), redis.hkeys(keys.gone(campaign))]),
      );
      return new Set([...missing, ...gone]);
    },

    async seal(lock, run, totals) {
      const { unchanged, skipped, conflict } = totals.outcomes;
      const epoch = z
        .number()
        .parse(
          await script(
            'seal',
            lock.campaign,
            lock.token,
            run,
            totals.state,
            totals.people,
            unchanged + skipped + conflict,
            JSON.stringify(totals.outcomes),
            JSON.stringify(totals.skipped),
            JSON.stringify(totals.unchanged),
            totals.reason ?? '',
          ),
        );
      await identity.remember(epoch);
    },

    async lastPeople(campaign) {
      const people = await answer(redis.hget(keys.campaign(campaign), 'lastPeople'));
      return people === null ? undefined : Number(people);
    },

    async suppressed() {
      const addresses = new Set<string>();
      for await (const page of scanHashValues(redis, keys.suppressed))
        for (const [address] of page) addresses.add(address);
      return addresses;
    },
  };
}

const RESEND_AFTER_MS = 15 * 60_000;
