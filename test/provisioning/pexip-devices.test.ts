import { expect, test } from 'vitest';
import { Secret } from '../../src/lib/secret.js';
import type { Assignment } from '../../src/model/assignment.js';
import { exportFormats } from '../../src/provisioning/exports.js';
import { prepared } from './support.js';

const assignment = (over: Partial<Assignment>): Assignment => ({
  person: '0f6e0d6e-9a57-4d1a-8f0a-000000000001',
  dn: 'uid=alice,ou=people,dc=corp,dc=example',
  pattern: 'staff',
  to: 'alice@corp.example',
  locale: undefined,
  alias: 'alice@vc.corp.example',
  username: 'alice',
  password: new Secret('s3cret'),
  match: {},
  link: new Secret('{"name":"Alice Parkes"}'),
  attributes: {},
  ...over,
});

async function file(assignments: readonly Assignment[]) {
  const format = exportFormats['pexip-devices'];
  if (format === undefined) throw new Error('there is no such format');
  const parts: string[] = [];
  const written = format.write({
    campaign: 'pexip-onboarding',
    system: prepared({ system: 'pexip', node: 'px01.example' }),
    constants: {},
    assignments: () => assignments,
  });
  for (;;) {
    const next = await written.next();
    if (next.done === true) return { csv: parts.join(''), notes: next.value };
    parts.push(next.value);
  }
}

test("the device file has the columns of Pexip's bulk import, one row an assignment", async () => {
  const { csv, notes } = await file([assignment({})]);
  expect(csv).toBe(
    'alias,tag,description,username,password,primary_owner_email_address\r\n' +
      'alice@vc.corp.example,pexip-onboarding,Alice Parkes,alice,s3cret,alice@corp.example\r\n',
  );
  expect(notes).toEqual([]);
});

test('values reach Pexip as they are: quoted where CSV needs it, and never defused for a spreadsheet', async () => {
  const { csv } = await file([
    assignment({
      password: new Secret('=1+1,"x"'),
      username: '+alice',
      link: new Secret('{"name":"A\\nB"}'),
    }),
  ]);
  expect(csv.split('\r\n')[1]).toBe(
    'alice@vc.corp.example,pexip-onboarding,A B,+alice,"=1+1,""x""",alice@corp.example',
  );
});

test('aliases that anybody could register are pointed out', async () => {
  const { csv, notes } = await file([
    assignment({}),
    assignment({ username: undefined, password: undefined, link: new Secret('{}') }),
  ]);
  expect(csv.split('\r\n')[2]).toBe('alice@vc.corp.example,pexip-onboarding,,,,alice@corp.example');
  expect(notes).toEqual([expect.stringMatching(/^Aliases without user name and password: 1\. .* anybody/)]);
});
