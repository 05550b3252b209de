// Compiles the bench (Node 20 runs no TypeScript), takes a copy of the built program beside it, so that a build meanwhile
// does not change what is measured, and runs it. `npm run bench -- --help` tells the arguments.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cache = join(root, 'node_modules/.cache');
mkdirSync(cache, { recursive: true });
const dir = mkdtempSync(join(cache, 'rollcall-bench-'));
const node = (args) => spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
// The bench ends by itself, and stops what it started; this process only waits for it and tidies up.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});

try {
  const options =
    '--ignoreConfig --rootDir . --module nodenext --target es2023 --types node --skipLibCheck --noCheck';
  const sources = ['bench', 'contenders/nodemailer', 'contenders/script', 'contenders/ldap-read'];
  const more = ['delay-process', 'sink-process', 'usage-preload'];
  process.exitCode =
    node([
      join(root, 'node_modules/typescript/bin/tsc'),
      ...options.split(' '),
      '--outDir',
      dir,
      ...[...sources, ...more].map((name) => `test/bench/${name}.ts`),
    ]) || start();
} finally {
  rmSync(dir, { recursive: true, force: true });
}

function start() {
  cpSync(join(root, 'dist'), join(dir, 'dist'), { recursive: true });
  cpSync(join(root, 'package.json'), join(dir, 'package.json'));
  return node([join(dir, 'test/bench/bench.js'), ...process.argv.slice(2)]);
}
