import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunDocument } from '../../src/model/run.js';
import { type FaultSmtp, startFaultSmtp } from '../support/fault-smtp.js';
import { makePeople, toLdif } from '../support/people.js';
import { openWorkplace, type Workplace } from '../support/workplace.js';

const CAMPAIGN = `
people: { base: "ou=people,dc=corp,dc=example", filter: "(objectClass=inetOrgPerson)" }
vars: { helpdesk: "+44 20 7946 0000" }
aliases: [{ name: staff, match: { uid: "*" }, alias: "{{ uid }}@vc.corp.example" }]
provisioning: { system: pexip, node: px01.vc.corp.example, message: Provision your app }
message: { template: pexip-onboarding }
expiresAfter: 9s
`;

const ADDRESSES = ['never@corp.example', 'later@corp.example', 'no@corp.example', 'yes@corp.example'];

let place: Workplace;
let server: FaultSmtp;
const tries = new Map<string, number[]>();

beforeAll(async () => {
  const people = makePeople(ADDRESSES.length).map((person, at) => ({
    ...person,
    employeeType: 'staff',
    mail: [ADDRESSES[at] ?? ''],
  }));
  place = await openWorkplace(toLdif(people));
  server = await startFaultSmtp({
    extensions: ['PIPELINING', 'SIZE 10000000'],
    plan: ({ stage, to }) => {
      if (stage !== 'rcpt') return undefined;
      const name = to.split('@')[0] ?? '';
      const times = tries.get(name) ?? [];
      tries.set(name, [...times, Date.now()]);
      if (name === 'never') return { do: 'reply', text: '450 4.2.0 Greylisted' };
      if (name === 'no') return { do: 'reply', text: '550 5.1.1 No such user' };
      if (name === 'later' && times.length === 0)
        return { do: 'reply', text: '451 4.7.1 Please try again in 6 seconds' };
      return undefined;
    },
  });
  await place.campaign('onboarding', CAMPAIGN);
  await place.settings({
    smtp: `{ host: 127.0.0.1, port: ${server.port}, tls: none, from: video@corp.example, retry: [1s, 2s] }`,
  });
}, 60_000);

afterAll(async () => {
  await server?.stop();
  await place?.close();
});

test('a 4xx is tried again at the stated time, or in growing waits until it expires; a 5xx is not', async () => {
  const { code, stdout, stderr } = await place.run('run', 'onboarding', '--wait', '--json');
  expect(code).toBe(1);
  const document = JSON.parse(stdout) as RunDocument;
  expect(document.counts).toMatchObject({ sent: 2, failed: 1, expired: 1, deferred: 0 });

  expect(tries.get('no')).toHaveLength(1);
  expect(tries.get('yes')).toHaveLength(1);
  const [first = 0, second = 0, ...more] = tries.get('later') ?? [];
  expect(more).toEqual([]);
  expect(second - first).toBeGreaterThanOrEqual(6_000);
  const times = tries.get('never') ?? [];
  expect(times.length).toBeGreaterThanOrEqual(2);
  const waits = times.slice(1).map((time, at) => time - (times[at] ?? 0));
  for (const [at, wait] of waits.entries()) expect(wait).toBeGreaterThanOrEqual(at === 0 ? 1_000 : 2_000);

  // once a process, however many messages
  expect(stderr.split('does not offer DSN')).toHaveLength(2);
  const why = await place.run('why', 'onboarding', 'never@corp.example', '--json');
  expect(JSON.parse(why.stdout)).toMatchObject({
    deliveries: [{ status: 'expired', reply: { code: 450, enhanced: '4.2.0', text: 'Greylisted' } }],
  });
}, 90_000);
