/**
 * The misbehaving server as a process of its own, for tests that kill others around it. Takes one JSON argument
 * `{ seed, rate, port? }`: at each stage it misbehaves with that probability, the same way for the same seed. Prints
 * `{"port":…}` when it listens, and on SIGTERM `{"copies":{…}}`, complete messages by Message-ID.
 */
import { type Fault, type Stage, startFaultSmtp } from './fault-smtp.js';
import { randomFrom } from './random.js';

const options = JSON.parse(process.argv[2] ?? '{}') as { seed?: number; rate?: number; port?: number }; // from the test

const random = randomFrom(options.seed ?? 1);
const faultsAt = (stage: Stage): Fault[] => [
  { do: 'close' },
  { do: 'reset' },
  { do: 'delay', ms: 100 },
  { do: 'reply', text: '421 4.3.2 Not now' },
  ...(['mail', 'rcpt', 'data', 'dot'].includes(stage)
    ? [{ do: 'reply', text: '451 4.3.0 Later' } as const]
    : []),
  ...(['rcpt', 'dot'].includes(stage) ? [{ do: 'reply', text: '554 5.7.1 Never' } as const] : []),
];

const server = await startFaultSmtp({
  keepRaw: false,
  ...(options.port !== undefined && { port: options.port }),
  plan: ({ stage }) => {
    if (random() >= (options.rate ?? 0)) return undefined;
    const faults = faultsAt(stage);
    return faults[Math.floor(random() * faults.length)];
  },
});
process.stdout.write(`${JSON.stringify({ port: server.port })}\n`);
process.once('SIGTERM', async () => {
  await server.stop();
  process.stdout.write(`${JSON.stringify({ copies: Object.fromEntries(server.copies) })}\n`);
});
