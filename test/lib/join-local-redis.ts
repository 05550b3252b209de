import { systemClock } from '../../src/lib/clock.js';
import { joinLocalRedis } from '../../src/lib/local-redis.js';

// A process of its own for local-redis.test.ts: joins, says so, and leaves when its standard input ends.
const [dataDir = ''] = process.argv.slice(2);
const log = { debug() {}, info() {}, warn() {}, error() {} };
const { path, leave } = await joinLocalRedis({ dataDir, clock: systemClock, log });
process.stdout.write(`${path}\n`);
process.stdin.resume();
process.stdin.once('end', () => {
  leave().then(
    () => process.exit(0),
    () => process.exit(1),
  );
});
