import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { checkFiles } from '../../src/campaign/check.js';
import { catalogue } from '../../src/cli/catalogue.js';
import { projectRoot, textOf } from '../support/source-files.js';

/** What the shipped settings name with ${…}. */
const env = {
  LDAP_PASSWORD: 'x',
  SMTP_PASSWORD: 'x',
  IMAP_PASSWORD: 'x',
  DEMO_DIRECTORY: 'ldap://127.0.0.1:1389',
  DEMO_SMTP_PORT: '1025',
};
const campaigns = readdirSync(join(projectRoot, 'jobs')).map((file) => join(projectRoot, 'jobs', file));

describe('what is shipped', () => {
  test('every campaign is valid with the example settings, templates and all', async () => {
    const config = join(projectRoot, 'config/rollcall.yaml');
    const { problems } = await checkFiles({ config, campaigns, env });
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  test('the sandbox settings are valid', async () => {
    const config = join(projectRoot, 'config/sandbox/rollcall.yaml');
    const { problems } = await checkFiles({ config, campaigns: [], env });
    expect(problems).toEqual([]);
  });

  test('the settings for docker-compose are valid where they are mounted', async () => {
    // In the container the file lies in config/, one folder higher up.
    const config = join(projectRoot, 'config/sandbox/compose.yaml');
    const { problems } = await checkFiles({ config, campaigns: [], env });
    expect(problems).toEqual([]);
    expect(parse(textOf('config/sandbox/compose.yaml')).paths.jobs).toBe('../jobs');
  });
});

describe('docker-compose.yml', () => {
  const { services } = parse(textOf('docker-compose.yml'), { merge: true });

  test('runs commands that there are', () => {
    const names = catalogue.map(({ usage }) => usage.split(' ')[0]);
    const [start, work] = [services.rollcall.command, services.work.command];
    expect(names).toContain(start[0]);
    expect(names).toContain(work[0]);
    expect(textOf('Dockerfile')).toContain('dist/cli/main.js');
  });

  test('gives Redis what the ledger asks for, on the socket that the settings name', () => {
    const words: string = services.redis.command;
    for (const wanted of ['--appendonly yes', '--appendfsync always', '--maxmemory-policy noeviction'])
      expect(words).toContain(wanted);
    const socket = /--unixsocket (\S+)/.exec(words)?.[1];
    expect(parse(textOf('config/sandbox/compose.yaml')).redis.url).toBe(`unix://${socket}`);
    for (const service of [services.rollcall, services.work])
      expect(service.volumes).toContain('redis-socket:/run/redis');
  });

  test('names services of the sandbox as its settings do', () => {
    const settings = parse(textOf('config/sandbox/compose.yaml'));
    expect(Object.keys(services)).toContain(new URL(settings.directory.url).hostname);
    expect(Object.keys(services)).toContain(settings.smtp.host);
  });
});
