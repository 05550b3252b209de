import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const aNumber = expect.toSatisfy((value: unknown) => Number.isFinite(value) && Number(value) > 0);

test('the bench measures everything it is to measure, and prints one document', {
  timeout: 240_000,
}, async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    'scripts/bench.mjs',
    ...['--people', '200', '--rounds', '1', '--json'],
  ]);
  expect(JSON.parse(stdout)).toEqual({
    pipeline: { messagesPerSecond: aNumber, nodemailerPerSecond: aNumber, ratio: aNumber },
    naive: { messagesPerSecond: aNumber, ratio: aNumber },
    script: { messagesPerSecond: aNumber, ratio: aNumber },
    nightly: { people: 200, seconds: aNumber, ldapSeconds: aNumber, ratio: aNumber },
    plan: { peoplePerSecond: aNumber },
    memory: { rss10kMb: aNumber, rss100kMb: aNumber },
    startup: { helpMs: aNumber, nodeMs: aNumber, ratio: aNumber },
  });
  // Two workers stand in the table alone.
  expect(stderr).toMatch(/workers: 2: \d/);
});
