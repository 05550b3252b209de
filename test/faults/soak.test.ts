import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { soak } from './soak.js';

test('500 people, planners, workers and Redis killed, a server that misbehaves: nobody lost, nobody written to twice', {
  timeout: 240_000,
}, async () => {
  const result = await soak({ root: resolve('.'), seed: 7, people: 500, kills: 16 });
  expect(result.problems).toEqual([]);
  expect(result).toMatchObject({ plannersKilled: 1, redisKilled: 2 });
  // Most of these are answers that the server itself kept back; the rest were in flight at a kill.
  expect(result.uncertain.arrived + result.uncertain.not).toBeLessThan(60);
});
