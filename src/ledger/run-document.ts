import { z } from 'zod';
import type { RunDocument, RunState } from '../model/run.js';
import { deliveryStatuses, emptyCounts, openStatuses } from '../model/status.js';
import { answer, type LedgerParts } from './context.js';

const outcomes = z.object({ unchanged: z.number(), skipped: z.number(), conflict: z.number() });
const numbers = z.record(z.string(), z.number());
const byStatus = z.partialRecord(z.enum(deliveryStatuses), z.number());
const trigger = z.enum(['manual', 'schedule', 'catch-up', 'resend']);

/** What is known of a run, as its document; undefined for one that is not there. */
export async function runDocument(
  { redis, keys }: LedgerParts,
  run: string,
): Promise<RunDocument | undefined> {
  const fields = await answer(redis.hgetall(keys.run(run)));
  const campaign = fields['campaign'];
  if (campaign === undefined) return undefined;
  const [pausedAt, lock] = await answer(
    Promise.all([redis.hget(keys.campaign(campaign), 'pausedAt'), redis.get(keys.lock(campaign))]),
  );

  const counts = emptyCounts();
  for (const status of deliveryStatuses) counts[status] = Number(fields[`n:${status}`] ?? 0);
  const open = openStatuses.reduce((sum, status) => sum + counts[status], 0);
  const isPlanned = lock?.split('\t')[0] === fields['token'];
  const ended =
    fields['ended'] ?? (fields['cancelled'] !== undefined && open === 0 ? fields['cancelled'] : undefined);

  return {
    run,
    campaign,
    trigger: trigger.parse(fields['trigger']),
    state: stateOf(fields, {
      open,
      isPlanned,
      isPaused: pausedAt !== null || fields['pausedAt'] !== undefined,
    }),
    people: Number(fields['people'] ?? 0),
    outcomes: outcomes.parse(JSON.parse(fields['outcomes'] ?? '{"unchanged":0,"skipped":0,"conflict":0}')),
    counts,
    skipped: numbers.parse(JSON.parse(fields['skipped'] ?? '{}')),
    unchanged: byStatus.parse(JSON.parse(fields['unchanged'] ?? '{}')),
    startedAt: new Date(Number(fields['started'])).toISOString(),
    endedAt: ended === undefined ? null : new Date(Number(ended)).toISOString(),
    reason: fields['cancelReason'] ?? (fields['stateReason'] || (fields['reason'] ?? null)),
    actor: fields['actor'] ?? null,
  };
}

function stateOf(
  fields: Record<string, string>,
  { open, isPlanned, isPaused }: { open: number; isPlanned: boolean; isPaused: boolean },
): RunState {
  const sealed = fields['sealed'];
  if (fields['cancelled'] !== undefined) return 'cancelled';
  if (sealed === undefined) return isPlanned ? 'planning' : 'interrupted';
  if (sealed === 'refused' || sealed === 'interrupted') return sealed;
  if (open === 0) return 'done';
  return isPaused ? 'paused' : 'running';
}
