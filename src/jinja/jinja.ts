import { randomBytes } from 'node:crypto';
import { type Clock, systemClock } from '../lib/clock.js';
import type { Environment } from './builtins/environment.js';
import { filters } from './builtins/filters.js';
import { functions } from './builtins/functions.js';
import { pexFilters } from './builtins/pex-filters.js';
import { pexFunctions } from './builtins/pex-functions.js';
import { createPatterns } from './builtins/python-regex.js';
import { tests } from './builtins/tests.js';
import { compile } from './compile/compile.js';
import type { Names } from './compile/expressions.js';
import { PyError } from './errors.js';
import type { Jinja } from './types.js';

export interface JinjaOptions {
  /** Where `pex_hash` takes its key from; without one it is an error to use it. */
  readonly keyring?: { pexHash(text: string): string };
  /** What `pex_now` reads. */
  readonly clock?: Pick<Clock, 'now'>;
  /** What `pex_random_pin` and `pex_uuid4` draw from. */
  readonly random?: (size: number) => Uint8Array;
}

const names: Names = {
  filters: { ...filters, ...pexFilters },
  functions: { ...functions, ...pexFunctions },
  tests,
};

/** Pexip's template language: Nunjucks' parser with Jinja2's grammar, and Python's results. */
export function createJinja({
  keyring,
  clock = systemClock,
  random = randomBytes,
}: JinjaOptions = {}): Jinja {
  const shared: Omit<Environment, 'autoescape'> = {
    now: () => clock.now(),
    randomBytes: random,
    pattern: createPatterns(),
    pexHash(text) {
      if (keyring === undefined)
        throw new PyError('LookupError', 'pex_hash needs the key file, and there is none here');
      return keyring.pexHash(text);
    },
  };
  return {
    compile: (source, at) => compile(source, at, names, { ...shared, autoescape: at.autoescape }),
  };
}
