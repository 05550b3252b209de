// Builds dist: types checked, the program bundled with its libraries, what is not TypeScript copied beside it.
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
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const stamp = join(dist, '.built');
const inputs = ['src', 'scripts/build.mjs', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];

if (process.argv.includes('--if-needed') && isUpToDate()) process.exit(0);

// Built beside and swapped in, so that nobody meets half a build; one name a process, so that two do not meet.
const fresh = join(root, `dist.${process.pid}`);
try {
  if (!hasRightTypes()) process.exitCode = 1;
  else await finish();
} finally {
  rmSync(fresh, { recursive: true, force: true });
}

async function finish() {
  copyAssets();
  await bundle();
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

function hasRightTypes() {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], {
    cwd: root,
    stdio: 'inherit',
  });
  return status === 0;
}

/** Lua scripts, the gallery's page and the like lie where the code that reads them would. */
function copyAssets() {
  const src = join(root, 'src');
  for (const entry of readdirSync(src, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory() || entry.name.endsWith('.ts')) continue;
    const file = join(entry.parentPath, entry.name);
    cpSync(file, join(fresh, relative(src, file)));
  }
}

/**
 * The program with its libraries in a few files, each command's own loaded when it is called. `run` would else open more
 * than six hundred of them, which takes longer than the rest of its start.
 */
async function bundle() {
  const { rolldown } = await import('rolldown');
  const program = await rolldown({
    input: join(root, 'src/cli/main.ts'),
    platform: 'node',
    tsconfig: join(root, 'tsconfig.build.json'),
    // MJML finds its parts by their names while it runs.
    external: /^mjml(\/|$)/,
    // yargs measures columns with it; what it sets up for that takes longer than the rest of `rollcall --help`.
    resolve: { alias: { 'string-width': 'fast-string-width' } },
    plugins: [ownPlace()],
  });
  await program.write({
    dir: join(fresh, 'cli'),
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    sourcemap: true,
    // Less to parse at each start; names stay, for stacks and profiles.
    minify: { compress: true, mangle: false, codegen: true },
  });
  await program.close();
}

/** What a source file reads from beside itself lies there in dist too: its address is what it would be, were it not bundled. */
function ownPlace() {
  return {
    name: 'own-place',
    transform(code, id) {
      if (!id.startsWith(join(root, 'src')) || !code.includes('import.meta.url')) return null;
      const place = JSON.stringify(relative(join(root, 'src/cli'), id));
      // Lines stay where they are, so that the source map of the text before is good enough.
      return {
        code: code.replaceAll('import.meta.url', `new URL(${place}, import.meta.url).href`),
        map: null,
      };
    },
  };
}
