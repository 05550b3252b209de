import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createMjmlCache } from '../../src/templates/mjml-cache.js';

let dir: string;
let compiled: number;
const compile = async () => {
  compiled += 1;
  return `<p>${compiled}</p>`;
};

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rollcall-cache-'));
  compiled = 0;
});
afterEach(() => rm(dir, { recursive: true }));

test('a source is compiled once, whichever process asks', async () => {
  const folder = join(dir, 'cache');
  expect(await createMjmlCache(folder).html('<mjml>a</mjml>', compile)).toBe('<p>1</p>');
  expect(await createMjmlCache(folder).html('<mjml>a</mjml>', compile)).toBe('<p>1</p>');
  expect(await createMjmlCache(folder).html('<mjml>b</mjml>', compile)).toBe('<p>2</p>');
  expect(await readdir(folder)).toHaveLength(2);
});

test('what cannot be compiled is not kept', async () => {
  const cache = createMjmlCache(dir);
  const failing = cache.html('<mjml/>', () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  expect(await cache.html('<mjml/>', compile)).toBe('<p>1</p>');
});

test('without a folder to keep it in, everything is compiled each time', async () => {
  await writeFile(join(dir, 'file'), '');
  const cache = createMjmlCache(join(dir, 'file', 'cache'));
  expect(await cache.html('<mjml/>', compile)).toBe('<p>1</p>');
  expect(await cache.html('<mjml/>', compile)).toBe('<p>2</p>');
});
