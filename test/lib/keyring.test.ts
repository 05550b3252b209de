import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createKey, fixedKeyring, loadKeyring } from '../../src/lib/keyring.js';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rollcall-key-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

test('a key is made with mode 0600 in a directory of mode 0700, is read back, and is never overwritten', async () => {
  const file = join(dir, 'keys', 'root.key');
  const made = await createKey(file);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await stat(join(dir, 'keys'))).mode & 0o777).toBe(0o700);
  expect((await loadKeyring({ file, previous: [] })).id).toBe(made.id);
  await expect(createKey(file)).rejects.toMatchObject({ code: 'ROLLCALL_ERR_KEY_EXISTS' });
});

test('a key that is missing, no key, or open to everybody is refused', async () => {
  const file = join(dir, 'root.key');
  await expect(loadKeyring({ file, previous: [] })).rejects.toMatchObject({
    code: 'ROLLCALL_ERR_KEY_MISSING',
  });
  await writeFile(file, 'hello', { mode: 0o600 });
  await expect(loadKeyring({ file, previous: [] })).rejects.toMatchObject({
    code: 'ROLLCALL_ERR_KEY_INVALID',
  });
  await writeFile(file, 'ab'.repeat(32));
  await chmod(file, 0o644);
  await expect(loadKeyring({ file, previous: [] })).rejects.toMatchObject({
    code: 'ROLLCALL_ERR_KEY_INVALID',
  });
  await chmod(file, 0o640);
  await expect(loadKeyring({ file, previous: [] })).resolves.toBeDefined();
});

test('a key that is there and cannot be read is not missing, so that none is made in its place', async () => {
  const file = join(dir, 'root.key');
  await mkdir(file);
  await expect(loadKeyring({ file, previous: [] })).rejects.toMatchObject({
    code: 'ROLLCALL_ERR_KEY_INVALID',
    message: expect.stringContaining('it is a directory'),
  });
});

test('what is sealed opens with its own place alone, and not once any byte was changed', () => {
  const keyring = fixedKeyring();
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), fc.nat(), (plain, aad, at) => {
      const sealed = keyring.seal(plain, aad);
      expect(keyring.unseal(sealed, aad).equals(Buffer.from(plain, 'utf8'))).toBe(true);
      expect(() => keyring.unseal(sealed, `${aad}x`)).toThrow();
      const changed = Buffer.from(sealed);
      changed[at % changed.length] = (changed[at % changed.length] ?? 0) ^ 1;
      expect(() => keyring.unseal(changed, aad)).toThrow();
      expect(() => keyring.unseal(sealed.subarray(0, at % sealed.length), aad)).toThrow();
      expect(keyring.seal(plain, aad).equals(sealed)).toBe(false);
    }),
    { numRuns: 50 },
  );
});

test('after a change of keys, what was made under the old one is still read and recognised', async () => {
  const [first, second] = [join(dir, '1'), join(dir, '2')];
  const before = await createKey(first);
  await createKey(second);
  const after = await loadKeyring({ file: second, previous: [first] });
  const alone = await loadKeyring({ file: second, previous: [] });
  const sealed = before.seal('text', 'place');
  expect(after.unseal(sealed, 'place').toString()).toBe('text');
  expect(() => alone.unseal(sealed, 'place')).toThrow(before.id);
  expect(after.hashUnder(before.id, 'revision', 'x')).toEqual(before.hash('revision', 'x'));
  expect(after.hash('revision', 'x')).not.toEqual(before.hash('revision', 'x'));
  expect(alone.hashUnder(before.id, 'revision', 'x')).toBeUndefined();
  const tag = before.verpTag('delivery');
  expect(tag).toMatch(/^[a-z2-7]{16}$/);
  expect(after.verpMatches('delivery', tag.toUpperCase())).toBe(true);
  expect(alone.verpMatches('delivery', tag)).toBe(false);
  expect(after.verpMatches('another', tag)).toBe(false);
  expect(after.verpMatches('delivery', 'é'.repeat(8))).toBe(false);
});

test('hashes of different purposes differ, and pex_hash gives the same long row of digits each time', () => {
  const keyring = fixedKeyring();
  expect(keyring.hash('a', 'bc')).toMatch(/^[0-9a-f]{64}$/);
  expect(keyring.hash('a', 'bc')).not.toEqual(keyring.hash('ab', 'c'));
  expect(keyring.pexHash('ada')).toMatch(/^\d{20,}$/);
  expect(keyring.pexHash('ada')).toBe(fixedKeyring().pexHash('ada'));
  expect(keyring.pexHash('ada')).not.toBe(keyring.pexHash('adb'));
});
