// npm run test:soak: compiles the soak (Node 20 runs no TypeScript) and runs it with the arguments given.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cache = join(root, 'node_modules/.cache');
mkdirSync(cache, { recursive: true });
// Within the repository, so that packages are found.
const out = mkdtempSync(join(cache, 'rollcall-soak-'));
const node = (...args) => spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
try {
  const options =
    '--ignoreConfig --rootDir . --module nodenext --target es2023 --types node --skipLibCheck --noCheck';
  const compiled = node(
    join(root, 'node_modules/typescript/bin/tsc'),
    ...options.split(' '),
    ...['--outDir', out, 'test/faults/soak-process.ts'],
  );
  process.exitCode =
    compiled || node(join(out, 'test/faults/soak-process.js'), '--root', root, ...process.argv.slice(2));
} finally {
  rmSync(out, { recursive: true, force: true });
}
