import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { textOf } from '../support/source-files.js';

const page = textOf('docs/guarantees.md');
const proofs = [...page.matchAll(/`(test\/[\w./-]+\.test\.ts)` “([^”]+)”/g)].map(
  ([, file = '', title = '']) => ({
    file,
    title,
  }),
);

test('every promise of docs/guarantees.md names a test', () => {
  const promises = page.split('\n').filter((line) => /^\| (?!promise|the ledger says|`|-)/.test(line));
  const bare = promises.filter((line) => !/“[^”]+” \|$|\(the same test\) \|$/.test(line));
  expect(promises.length).toBeGreaterThan(25);
  expect(bare).toEqual([]);
});

test('every test that docs/guarantees.md names is there', () => {
  const missing = proofs.filter(({ file, title }) => {
    // As the title stands in the source, its quotes escaped or not.
    const text = existsSync(file) ? textOf(file).replaceAll("\\'", "'") : '';
    return !text.includes(title);
  });
  expect(proofs.length).toBeGreaterThan(30);
  expect(missing).toEqual([]);
});
