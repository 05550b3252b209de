import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { HostValue } from '../../src/jinja/types.js';
import { SafeMarkup } from '../../src/jinja/values/markup.js';

/** A value as JSON carries it to Python; `{ __safe__: text }` is markup. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

export interface Request {
  readonly source: string;
  readonly autoescape: boolean;
  readonly context: Readonly<Record<string, JsonValue>>;
}

/** What Python's Jinja2 printed, or what it raised. */
export type Answer = { readonly text: string } | { readonly error: string; readonly message: string };

const script = fileURLToPath(new URL('oracle.py', import.meta.url));

/** The Python that has Jinja2: Debian's, or the one on the PATH. */
function python(): string {
  for (const program of ['python3', '/usr/bin/python3']) {
    if (spawnSync(program, ['-c', 'import jinja2']).status === 0) return program;
  }
  throw new Error('Python with Jinja2 is needed as the oracle: apt-get install python3-jinja2');
}

/** Jinja2's version there, as a number that grows with it: 3.1.6 is 30106. */
export function jinja2Version(): number {
  const { stdout } = spawnSync(
    python(),
    ['-c', 'from importlib.metadata import version; print(version("jinja2"))'],
    {
      encoding: 'utf8',
    },
  );
  return stdout.split('.').reduce((total, part) => total * 100 + Number.parseInt(part, 10), 0);
}

/** Renders all of them with Python's Jinja2, in one process. */
export function askJinja2(requests: readonly Request[]): readonly Answer[] {
  const input = requests.map((request) => JSON.stringify(request)).join('\n');
  const { stdout, stderr, status } = spawnSync(python(), [script], {
    input,
    encoding: 'utf8',
    maxBuffer: 1e9,
    timeout: 120_000,
  });
  if (status !== 0) throw new Error(`the oracle failed: ${stderr}`);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer); // oracle.py writes nothing else
}

/** The same value as a caller of ours gives it. */
export function toHost(value: JsonValue): HostValue {
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map(toHost);
  const safe = value['__safe__'];
  if (typeof safe === 'string') return new SafeMarkup(safe);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, toHost(item)]));
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
