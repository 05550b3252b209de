import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Finished, rollcall } from '../support/rollcall.js';
import { projectRoot } from '../support/source-files.js';

/** The demo's own folder, which is where it says it is. */
const data = join(projectRoot, '.rollcall/demo');
const config = join(projectRoot, 'config/sandbox/rollcall.yaml');
let first: Finished;

beforeAll(async () => {
  first = await rollcall(['demo', '--fresh', '--json']);
});
afterAll(() => rm(data, { recursive: true, force: true }));

describe('the demo', () => {
  test('writes to everybody who is to be written to, and adds up', async () => {
    expect([first.code, first.stderr]).toEqual([0, '']);
    const run = JSON.parse(first.stdout);
    expect(run).toMatchObject({ campaign: 'pexip-onboarding', trigger: 'manual', state: 'done' });
    expect(run.counts.sent).toBeGreaterThan(40);
    expect(run.people).toBe(
      run.counts.sent + run.outcomes.skipped + run.outcomes.conflict + run.outcomes.unchanged,
    );
    expect(JSON.parse(await readFile(join(data, 'summary.json'), 'utf8'))).toEqual(run);
  });

  test('leaves a mail a person, each with the link of that person', async () => {
    const mails = await readdir(join(data, 'mails'));
    expect(mails).toHaveLength(JSON.parse(first.stdout).counts.sent);
    const addresses = new Set<string>();
    for (const name of mails) {
      const mail = await PostalMime.parse(await readFile(join(data, 'mails', name)));
      addresses.add(mail.to?.[0]?.address ?? '');
      expect(mail.text).toContain('https://px01.vc.corp.example/api/client/v2/provision?data=');
      expect(mail.html).not.toContain('undefined');
    }
    expect(addresses.size).toBe(mails.length);
  });

  test('sends nothing when it is run again, and says how to start afresh', async () => {
    const before = await readdir(join(data, 'mails'));
    const { code, stdout } = await rollcall(['demo']);
    expect(code).toBe(0);
    expect(stdout).toContain('everybody is unchanged');
    expect(stdout).toContain('npm run demo -- --fresh');
    expect(await readdir(join(data, 'mails'))).toEqual(before);
  });

  test('can be asked about afterwards', async () => {
    const status = await rollcall(['status', 'pexip-onboarding', '--json', '--config', config]);
    expect(JSON.parse(status.stdout).counts).toEqual(JSON.parse(first.stdout).counts);
    const all = await rollcall(['status', '--config', config]);
    expect(all.stdout).toMatch(/^pexip-onboarding +done /m);
    const env = { DEMO_DIRECTORY: `file:${join(projectRoot, 'config/sandbox/people.ldif')}` };
    const why = await rollcall(['why', 'pexip-onboarding', 'mokafor@corp.example', '--config', config], env);
    expect(why.stdout).toMatch(/^pattern +executives$/m);
    expect(why.stdout).toMatch(/ sent +250 /);
    const nobody = await rollcall(['why', 'pexip-onboarding', 'nobody', '--config', config, '--json'], env);
    expect(nobody.code).toBe(0);
    expect(JSON.parse(nobody.stdout).person).toBeNull();
  });
});
