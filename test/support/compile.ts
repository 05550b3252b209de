import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const root = resolve(import.meta.dirname, '../..');

export interface Compiled {
  /** The JavaScript of a source file, by its path in the repository. */
  file(source: string): string;
  remove(): Promise<void>;
}

/**
 * Compiles some source files, and what they import, for tests that need processes of their own (Node 20 runs no
 * TypeScript). Kept within the repository, so that packages are found.
 * @param assets files that are read at run time, such as Lua scripts
 */
export async function compile(sources: readonly string[], assets: readonly string[] = []): Promise<Compiled> {
  const cache = join(root, 'node_modules/.cache');
  await mkdir(cache, { recursive: true });
  const dir = await mkdtemp(join(cache, 'rollcall-test-'));
  const options =
    '--ignoreConfig --rootDir . --module nodenext --target es2023 --types node --skipLibCheck --noCheck';
  await promisify(execFile)(
    join(root, 'node_modules/.bin/tsc'),
    [...options.split(' '), '--outDir', dir, ...sources],
    { cwd: root },
  );
  for (const asset of assets) {
    await mkdir(dirname(join(dir, asset)), { recursive: true });
    await cp(join(root, asset), join(dir, asset));
  }
  return {
    file: (source) => join(dir, source.replace(/\.ts$/, '.js')),
    remove: () => rm(dir, { recursive: true }),
  };
}
