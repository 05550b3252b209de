import { z } from 'zod';
import { chunks } from '../lib/chunks.js';
import { deliveryStatuses, emptyCounts } from '../model/status.js';
import { answer, type LedgerParts } from './context.js';
import { deliveryId } from './delivery-id.js';
import { pageList, scanHashValues } from './pages.js';
import { unpackReply } from './reply.js';
import { runDocument } from './run-document.js';
import type { DeliveryRow, LedgerQueries, PassedOver, Transition } from './types.js';

const PAGE = 500;

const facts = z.object({ dn: z.string(), pattern: z.string(), alias: z.string(), revision: z.string() });
const status = z.enum(deliveryStatuses);
const passed = z.object({
  person: z.string(),
  dn: z.string(),
  outcome: z.enum(['skipped', 'conflict']),
  reason: z.string(),
  code: z.string().optional(),
});

/** Everything that reads the ledger without changing it. */
export function createQueries(parts: LedgerParts): LedgerQueries {
  const { redis, keys } = parts;

  const rows = async (ids: readonly string[]): Promise<DeliveryRow[]> => {
    const found = await answer(
      Promise.all(
        ids.map((id) => Promise.all([redis.hgetall(keys.delivery(id)), redis.get(keys.facts(id))])),
      ),
    );
    return found.flatMap(([fields, text], at) => {
      const row = text === null ? undefined : deliveryRow(ids[at] ?? '', fields, text);
      return row ? [row] : [];
    });
  };

  const runs = async (ids: readonly string[]) => {
    const documents = await Promise.all(ids.map((id) => runDocument(parts, id)));
    return documents.filter((document) => document !== undefined);
  };

  const queries: LedgerQueries = {
    run: (run) => runDocument(parts, run),

    runs: async (campaign, limit) => runs(await answer(redis.zrevrange(keys.runs(campaign), 0, limit - 1))),

    campaigns: async () => (await answer(redis.smembers(keys.campaigns))).sort(),

    async counts(campaign) {
      const fields = await answer(redis.hgetall(keys.counts(campaign)));
      const counts = emptyCounts();
      for (const name of deliveryStatuses) counts[name] = Number(fields[name] ?? 0);
      return counts;
    },

    everybody: (campaign) => answer(redis.hlen(keys.people(campaign))),

    delivery: async (delivery) => (await rows([delivery]))[0],

    async deliveriesOf(campaign, person) {
      const packed = await answer(redis.hget(keys.people(campaign), person));
      const last = Number(packed?.split('\t')[1] ?? 0);
      const ids = Array.from({ length: last }, (_, at) => deliveryId(campaign, person, last - at));
      return rows(ids);
    },

    async history(delivery) {
      const fields = await answer(redis.hgetall(keys.delivery(delivery)));
      return transitions(fields);
    },

    async *deliveries({ campaign, run }) {
      const ids = run === undefined ? await answer(redis.zrange(keys.runs(campaign), '0', '-1')) : [run];
      for (const id of ids) {
        if ((await answer(redis.hget(keys.run(id), 'campaign'))) !== campaign) continue;
        for await (const page of pageList(redis, keys.deliveries(id), PAGE)) yield await rows(page);
      }
    },

    async *latest(campaign) {
      const last: { person: string; delivery: string }[] = [];
      for await (const page of scanHashValues(redis, keys.people(campaign)))
        for (const [person, packed] of page) last.push({ person, delivery: packed.split('\t', 1)[0] ?? '' });
      // A hash has no order of its own, and the same ledger is to give the same report.
      last.sort((one, other) => (one.person < other.person ? -1 : 1));
      for (const page of chunks(last, PAGE)) yield await rows(page.map(({ delivery }) => delivery));
    },

    async *passedOver(run) {
      for await (const page of scanHashValues(redis, keys.passed(run)))
        for (const chunk of chunks(page, PAGE))
          yield chunk.map(([, value]): PassedOver => {
            const { code, ...rest } = passed.parse(JSON.parse(value));
            return code === undefined ? rest : { ...rest, code };
          });
    },
  };
  return queries;
}

function deliveryRow(
  delivery: string,
  fields: Record<string, string>,
  text: string,
): DeliveryRow | undefined {
  if (fields['status'] === undefined) return undefined;
  const history = transitions(fields);
  return {
    delivery,
    campaign: fields['campaign'] ?? '',
    run: fields['run'] ?? '',
    person: fields['person'] ?? '',
    ...facts.parse(JSON.parse(text)),
    address: fields['address'] ?? '',
    sequence: Number(fields['sequence']),
    status: status.parse(fields['status']),
    detail: fields['detail'] ?? fields['code'],
    attempts: Number(fields['attempts']),
    reply: unpackReply(fields['reply']),
    queuedAt: history[0]?.at ?? 0,
    notBefore: Number(fields['notBefore'] ?? 0) || undefined,
    changedAt: history.findLast(({ from, to }) => from !== to)?.at ?? 0,
    history,
  };
}

/** The history is kept in the row itself: `#1`, `#2`, … each "milliseconds status note". */
function transitions(fields: Record<string, string>): Transition[] {
  const lines: Transition[] = [];
  for (let line = 1; line <= Number(fields['log'] ?? 0); line += 1) {
    const [at = '', to = '', ...words] = (fields[`#${line}`] ?? '').split(' ');
    lines.push({ at: Number(at), from: lines.at(-1)?.to, to: status.parse(to), note: words.join(' ') });
  }
  return lines;
}
