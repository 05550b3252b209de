// npm run test:mutants: takes each guard of test/faults/mutants.json out, one at a time, and sees that the tests named there
// notice. Works on a copy, so that nothing is left cut.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const wanted = process.argv[2] ?? '';
const mutants = JSON.parse(readFileSync(join(root, 'test/faults/mutants.json'), 'utf8')).filter(
  ({ guard, file }) => `${file} ${guard}`.includes(wanted),
);
const copy = mkdtempSync(join(tmpdir(), 'rollcall-mutants-'));
const copied = [
  'src',
  // Some tests start the built program too. The guards are cut out of what they compile themselves.
  'dist',
  'test',
  'templates',
  'jobs',
  'config',
  'docs',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
];

/** True where all of the tests pass. */
const passes = (tests) =>
  spawnSync(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--bail=1', ...tests], {
    cwd: copy,
    stdio: 'ignore',
    env: { ...process.env, CI: '1' },
  }).status === 0;

let survived = 0;
try {
  for (const name of copied) cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const whole = new Map();
  for (const { guard, file, cut, with: instead, tests } of mutants) {
    const key = tests.join(' ');
    if (!whole.has(key)) whole.set(key, passes(tests));
    if (!whole.get(key)) throw new Error(`With all guards in place the tests fail already: ${key}`);
    const path = join(copy, file);
    const text = readFileSync(path, 'utf8');
    if (text.split(cut).length !== 2) throw new Error(`${file} does not hold exactly once: ${cut}`);
    writeFileSync(
      path,
      text.replace(cut, () => instead),
    );
    const noticed = !passes(tests);
    writeFileSync(path, text);
    if (!noticed) survived += 1;
    process.stdout.write(`${noticed ? 'noticed ' : 'SURVIVED'}  ${file}: ${guard}\n`);
  }
  process.stdout.write(
    `${mutants.length - survived} of ${mutants.length} guards are missed when they are gone\n`,
  );
} finally {
  rmSync(copy, { recursive: true, force: true });
}
process.exitCode = survived === 0 ? 0 : 1;
