import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalogue } from '../../src/cli/catalogue.js';
import { rollcall } from '../support/rollcall.js';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rollcall-cli-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const settings = async (text: string) => {
  const file = join(dir, 'rollcall.yaml');
  await writeFile(file, text);
  return file;
};

describe('help', () => {
  test('names every command, and exits with 0', async () => {
    const { code, stdout, stderr } = await rollcall(['--help']);
    expect([code, stderr]).toEqual([0, '']);
    for (const { usage } of catalogue) expect(stdout).toContain(`rollcall ${usage}`);
  });

  test('of a command tells its options', async () => {
    const { code, stdout, stderr } = await rollcall(['suppress', 'add', '--help']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('rollcall suppress add <address>');
    for (const option of ['--reason', '--config', '--json']) expect(stdout).toContain(option);
  });

  test('gives the version of the package', async () => {
    const { stdout } = await rollcall(['--version']);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('a wrong command line', () => {
  test.each([
    [['stauts'], 'did you mean "status"?'],
    [['key', 'crate'], 'did you mean "create"?'],
    [['status', '--wacth'], 'did you mean "--watch"?'],
    [['run'], 'Something is missing: it is "rollcall run <campaign>"'],
    [['suppress', 'add'], '"rollcall suppress add <address>"'],
    [['export', 'x'], '--format and --out are missing'],
    [['run', 'x', '--waitt=yes'], '"--waitt" is not known here: did you mean "--wait"?'],
    [
      ['dry-run', 'x', '--out', 'y', '--format', 'xml'],
      '--format "xml" is not known. There are: "text", "github".',
    ],
    [['status', '--config', 'a', '--config', 'b'], '--config may be given only once'],
    [['resend', 'x', '--all', '--reason', 'a', '--reason', 'b'], '--reason may be given only once'],
    [['run', 'x', '--timeout', 'soon'], '--timeout wants a duration'],
    [['run', 'x', '--accept-count', '-3'], '--accept-count wants a whole number'],
    [['work', '--concurrency', 'many'], '--concurrency wants a whole number'],
    [['resend', 'x', '--reason', 'r'], 'one of --person, --status, --run or --all'],
    [['resend', 'x', '--reason', 'r', '--status', 'lost'], '"lost" is no status'],
    [['run', 'x', '--config'], '--config wants a value'],
    [['suppress', 'add', 'ada'], '"ada" is no address: it has no "@"'],
    [[], 'a command is missing'],
  ])('%j is refused with 2 and says what to do', async (args, said) => {
    const { code, stdout, stderr } = await rollcall(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('ROLLCALL_ERR_USAGE: ');
    expect(stderr).toContain(said);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  test('is one JSON document on stdout with --json, and nothing on stderr', async () => {
    const { code, stdout, stderr } = await rollcall(['stauts', '--json']);
    expect([code, stderr]).toEqual([2, '']);
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code: 'ROLLCALL_ERR_USAGE',
        message: '"stauts" is not known here: did you mean "status"?',
        hint: 'Run "rollcall --help" to see what it takes.',
        problems: [],
      },
    });
  });
});

test('nothing that is written is for others to read, whatever the umask', async () => {
  const data = join(dir, 'data');
  const file = await settings(
    `paths: { data: ${data} }\nkeys: { file: ${data}/root.key }\nredis: { url: local }\n`,
  );
  const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
  const args = [main, 'suppress', 'list', '--config', file];
  await promisify(execFile)('/bin/sh', ['-c', 'umask 000; exec "$0" "$@"', process.execPath, ...args]);
  const written = await readdir(data, { recursive: true });
  expect(written).toContain('redis/appendonlydir');
  for (const name of written) {
    const { mode } = await stat(join(data, name));
    expect([name, mode & 0o077]).toEqual([name, 0]);
  }
});

describe('problems in files', () => {
  test('are all told at once, each at its place, with what to do', async () => {
    const file = await settings('keys: { fil: a.key }\nredis:\n  url: [1]\nallowPlaintext: perhaps\n');
    const { code, stdout, stderr } = await rollcall(['status', '--config', file]);
    expect([code, stdout]).toEqual([2, '']);
    const lines = stderr.trim().split('\n');
    expect(lines[0]).toMatch(/rollcall\.yaml:1:9: ROLLCALL_ERR_UNKNOWN_KEY: .* Did you mean "file"\?$/);
    expect(
      lines.slice(1, -1).every((line) => /rollcall\.yaml:\d+:\d+: ROLLCALL_ERR_\w+: .+\./.test(line)),
    ).toBe(true);
    expect(lines.at(-1)).toBe('3 problems.');
  });

  test('carry file, line and column in JSON too', async () => {
    const file = await settings('keys: { fil: a.key }\n');
    const { stdout } = await rollcall(['key', 'show-id', '--config', file, '--json']);
    expect(JSON.parse(stdout).error.problems[0]).toMatchObject({
      file,
      line: 1,
      column: 9,
      hint: expect.any(String),
    });
  });

  test('a settings file that is not there is one', async () => {
    const { code, stderr } = await rollcall(['key', 'show-id', '--config', join(dir, 'none.yaml')]);
    expect(code).toBe(2);
    expect(stderr).toContain('ROLLCALL_ERR_FILE');
  });
});

describe('the root key', () => {
  test('is made once, never overwritten, and shown by its id', async () => {
    const file = await settings('keys: { file: own/rollcall.key }\n');
    const made = await rollcall(['key', 'create', '--config', file, '--json']);
    expect(made.code).toBe(0);
    const { id } = JSON.parse(made.stdout);
    const again = await rollcall(['key', 'create', '--config', file]);
    expect([again.code, again.stdout]).toEqual([2, '']);
    expect(again.stderr).toContain('ROLLCALL_ERR_KEY_EXISTS');
    const shown = await rollcall(['key', 'show-id', '--config', file]);
    expect(shown.stdout).toBe(`${id}\n`);
  });
});
