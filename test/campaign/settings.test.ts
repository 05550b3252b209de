import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { loadSettings } from '../../src/campaign/load-settings.js';
import { RollcallError } from '../../src/lib/errors.js';
import { createHouse, type House, lines, settingsText } from './support.js';

let house: House;
afterEach(() => house.remove());

async function problems(text: string) {
  house = await createHouse({ 'config/rollcall.yaml': text });
  const sections = [
    'paths',
    'keys',
    'directory',
    'redis',
    'smtp',
    'recipients',
    'notify',
    'bounces',
    'ledger',
  ] as const;
  const error = await loadSettings(house.config, sections, {}).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof RollcallError
    ? lines(error.problems, house).map((line) => line.replace(/^[^ ]* /, ''))
    : [];
}

describe('settings', () => {
  it('have the defaults that the contract gives, relative to their file', async () => {
    house = await createHouse();
    const settings = await loadSettings(house.config, ['keys', 'redis', 'notify', 'ledger', 'bounces'], {});
    expect(settings).toMatchObject({
      file: house.config,
      paths: {
        jobs: join(house.dir, 'jobs'),
        templates: join(house.dir, 'templates'),
        data: join(house.dir, '.rollcall'),
      },
      keys: { file: join(house.dir, '.rollcall/rollcall.key'), previous: [] },
      redis: { url: { kind: 'local' }, prefix: 'rollcall', allowNoAof: false },
      ledger: { keep: 400 * 86_400_000 },
      bounces: { maxSuppressionsPerDay: 50 },
      allowPlaintext: false,
    });
    expect(settings.notify).toBeUndefined();
  });

  it('give only the sections asked for, and look at no other', async () => {
    house = await createHouse({
      'config/rollcall.yaml': `${settingsText}redis: { url: "\${NOT_SET}", prefix: 5 }\n`,
    });
    const settings = await loadSettings(house.config, ['recipients'], {});
    expect(Object.keys(settings).sort()).toEqual(['allowPlaintext', 'file', 'paths', 'recipients']);
  });

  it.each([
    [
      'redis://user:p%40ss@[::1]:6380/3',
      { kind: 'tcp', host: '::1', port: 6380, tls: false, db: 3, username: 'user' },
    ],
    [
      'rediss://redis.corp.example',
      { kind: 'tcp', host: 'redis.corp.example', port: 6379, tls: true, db: 0 },
    ],
    ['unix:///run/redis/redis.sock?db=2', { kind: 'socket', path: '/run/redis/redis.sock', db: 2 }],
  ])('take %s for a Redis', async (url, expected) => {
    house = await createHouse({ 'config/rollcall.yaml': `redis: { url: "${url}" }\n` });
    const { redis } = await loadSettings(house.config, ['redis'], {});
    expect(redis.url).toMatchObject(expected);
    expect(JSON.stringify(redis)).not.toContain('p@ss');
    if (redis.url.kind === 'tcp' && redis.url.username) expect(redis.url.password?.reveal()).toBe('p@ss');
  });

  it.each([
    ['redis: { url: "http://a" }', /^VALUE redis\.url: this is no address of a Redis: write local/],
    ['redis: { url: "redis://:hunter2@h/x" }', /^VALUE redis\.url: the number of the database(?!.*hunter2)/],
    ['redis: { prefix: "a:b" }', /^VALUE redis\.prefix: a prefix is letters/],
    ['notify: { to: [nobody] }', /^VALUE notify\.to\[0\]: "nobody" is no address/],
    ['notify: { to: [a@corp.example], on: [fail] }', /^VALUE notify\.on\[0\]: must be refused, failed/],
    ['ledger: { keep: forever }', /^VALUE ledger\.keep: "forever" is no duration/],
    ['keys: { fil: x }', 'UNKNOWN_KEY Unknown key keys.fil. | Did you mean "file"?'],
    ['paths: { job: x }', 'UNKNOWN_KEY Unknown key paths.job. | Did you mean "jobs"?'],
    ['allowPlaintext: maybe', 'VALUE allowPlaintext: expected true or false, found text.'],
    ['smpt: {}', 'UNKNOWN_KEY Unknown key smpt. | Did you mean "smtp"?'],
  ])('refuse %s', async (text, expected) => {
    const found = await problems(`${settingsText}${text}\n`);
    expect(found).toHaveLength(1);
    if (typeof expected === 'string') expect(found[0]).toBe(expected);
    else expect(found[0]).toMatch(expected);
  });

  it('that cannot be read are one problem', async () => {
    house = await createHouse();
    await expect(loadSettings(join(house.dir, 'none.yaml'), [], {})).rejects.toMatchObject({
      code: 'ROLLCALL_ERR_INVALID',
      exitCode: 2,
      problems: [{ code: 'ROLLCALL_ERR_FILE', file: join(house.dir, 'none.yaml') }],
    });
  });
});
