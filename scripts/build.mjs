// Builds dist: TypeScript compiled, what is not TypeScript copied, the argument parser bundled into one file.
// With --if-needed it does nothing when dist is newer than everything it is made from.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const stamp = join(dist, '.built');
const inputs = ['src', 'scripts/build.mjs', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];

if (process.argv.includes('--if-needed') && isUpToDate()) process.exit(0);

// Built beside and swapped in, so that nobody meets half a build; one name a process, so that two do not meet.
const fresh = join(root, `dist.${process.pid}`);
try {
  if (!compile()) process.exitCode = 1;
  else await finish();
} finally {
  rmSync(fresh, { recursive: true, force: true });
}

async function finish() {
  copyAssets();
  await bundleParser();
  chmodSync(join(fresh, 'cli/main.js'), 0o755);
  writeFileSync(join(fresh, '.built'), '');
  // The old one is moved away and removed after, since removing takes longer than two renames.
  const old = `${fresh}.old`;
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(fresh, dist);
  rmSync(old, { recursive: true, force: true });
}

function isUpToDate() {
  const built = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs;
  return built !== undefined && inputs.every((input) => newest(join(root, input)) <= built);
}

/** When the newest file or folder under `path` changed; a folder changes when something in it goes. */
function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path).reduce((time, name) => Math.max(time, newest(join(path, name))), stat.mtimeMs);
}

function compile() {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', fresh], {
    cwd: root,
    stdio: 'inherit',
  });
  return status === 0;
}

/** Lua scripts, the gallery's page and the like lie beside the code that reads them. */
function copyAssets() {
  cpSync(join(root, 'src'), fresh, {
    recursive: true,
    filter: (path) => !path.endsWith('.ts'),
  });
}

/**
 * yargs as one file. Half of what loading it costs is a Unicode segmenter, wanted to measure the width of the help's
 * columns; Rollcall's help is ASCII, whose width is its length.
 */
async function bundleParser() {
  const { rolldown } = await import('rolldown');
  const bundle = await rolldown({
    input: join(root, 'node_modules/yargs/index.mjs'),
    platform: 'node',
    plugins: [
      {
        name: 'ascii-width',
        resolveId: (id) => (id === 'string-width' ? '\0ascii-width' : null),
        load: (id) => (id === '\0ascii-width' ? 'export default (text) => text.length;' : null),
      },
    ],
  });
  await bundle.write({ file: join(fresh, 'cli/yargs.js'), format: 'esm', minify: true });
  await bundle.close();
}
