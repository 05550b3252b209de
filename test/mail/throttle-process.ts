/** A worker that does nothing but ask for leave to send: a process of its own, run by throttle.test.ts. */
import { Redis } from 'ioredis';
import { systemClock } from '../../src/lib/clock.js';
import { createThrottle } from '../../src/mail/throttle.js';

const [path = '', prefix = '', domains = '', processes = '', forMs = ''] = process.argv.slice(2);
const redis = new Redis({ path });
const throttle = createThrottle({
  redis,
  prefix,
  clock: systemClock,
  settings: {
    rate: { count: 40, perMs: 1_000 },
    domains: [{ match: '*.partner.example', rate: { count: 10, perMs: 1_000 } }],
  },
});
const sent: { domain: string; at: number }[] = [];
// all at once, however long each took to start
await redis.incr(`${prefix}:ready`);
while (Number(await redis.get(`${prefix}:ready`)) < Number(processes)) await systemClock.sleep(5);
const until = Date.now() + Number(forMs);
for (let i = 0; Date.now() < until; i++) {
  const choices = domains.split(',');
  const domain = choices[i % choices.length] ?? '';
  const leave = await throttle.take(domain);
  if (leave.kind === 'go') sent.push({ domain, at: Date.now() });
  else await systemClock.sleep(Math.min(leave.ms, Math.max(until - Date.now(), 1)));
}
process.stdout.write(JSON.stringify(sent));
redis.disconnect();
