import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Settings } from '../campaign/settings-schema.js';
import { createDirectory } from '../directory/directory.js';
import type { PlanningContext } from '../planning/run.js';
import type { Store } from './store.js';

/** What plans are made with. */
export function planningContext(store: Store, settings: Settings<'directory'>): PlanningContext {
  const { ledger, queue, keyring, clock, log } = store;
  const { directory: server, allowPlaintext, paths } = settings;
  return {
    ledger,
    queue,
    keyring,
    clock,
    log,
    directory: createDirectory({ settings: server, allowPlaintext, clock, log }),
    dataDir: paths.data,
    holder: `${hostname()}, process ${process.pid}`,
    newRunId: () => newRunId(clock.now()),
  };
}

/** Sorts by time, and is short enough to type: 20261122-013000-3f9a. */
function newRunId(now: number): string {
  const [date = '', time = ''] = new Date(now).toISOString().split(/[T.]/);
  return `${date.replaceAll('-', '')}-${time.replaceAll(':', '')}-${randomBytes(3).toString('hex')}`;
}
