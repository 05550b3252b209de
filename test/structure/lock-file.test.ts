import { expect, test } from 'vitest';
import { z } from 'zod';
import { textOf } from '../support/source-files.js';

const lockFile = z.object({
  packages: z.record(
    z.string(),
    z.object({
      optionalDependencies: z.record(z.string(), z.string()).optional(),
      extraneous: z.boolean().optional(),
    }),
  ),
});

// npm leaves out what it cannot fetch for another platform, and "npm ci" then refuses the file on every machine.
test('the lock file has an entry for every optional package of every platform', () => {
  const { packages } = lockFile.parse(JSON.parse(textOf('package-lock.json')));
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) =>
        packages[`node_modules/${name}`] === undefined &&
        packages[`${path}/node_modules/${name}`] === undefined,
    ),
  );
  expect(missing).toEqual([]);
});

// What nothing asks for is not installed, and the bootstrap would install everything again for its sake.
test('the lock file has nothing that no package asks for', () => {
  const { packages } = lockFile.parse(JSON.parse(textOf('package-lock.json')));
  expect(Object.keys(packages).filter((path) => packages[path]?.extraneous)).toEqual([]);
});
