import { readFileSync } from 'node:fs';
import { createJinja } from '../../src/jinja/jinja.js';
import type { Compiled } from '../../src/jinja/types.js';
import { RollcallError } from '../../src/lib/errors.js';
import { type Answer, askJinja2, type JsonValue, jinja2Version, type Request, toHost } from './oracle.js';

type Render = (request: Request) => string | { readonly refused: string };

/** What our side prints, or that it refused with one of its own errors; anything else is a fault of ours. */
function renderer(): Render {
  const jinja = createJinja();
  const compiled = new Map<string, Compiled>();
  return (request) => {
    const { source, autoescape } = request;
    const key = `${autoescape} ${source}`;
    const known = compiled.get(key) ?? jinja.compile(source, { file: 'oracle', autoescape });
    compiled.set(key, known);
    return render(known, request);
  };
}

function render({ template, problems }: Compiled, { context }: Request): ReturnType<Render> {
  if (template === undefined) return { refused: problems.map(({ message }) => message).join('; ') };
  try {
    return template.render(
      Object.fromEntries(Object.entries(context).map(([name, value]) => [name, toHost(value)])),
    );
  } catch (error) {
    if (error instanceof RollcallError) return { refused: `${error.code} ${error.message}` };
    throw error;
  }
}

/**
 * Where Jinja2 goes on with an Undefined in a list, or with the slice of a constant that has none, we refuse: no difference
 * that counts for random expressions.
 */
export function isStricter({ ours }: Difference): boolean {
  return typeof ours !== 'string' && /^ROLLCALL_ERR_UNDEFINED_VARIABLE|cannot be sliced/.test(ours.refused);
}

export interface Difference extends Request {
  readonly python: Answer | undefined;
  readonly ours: ReturnType<Render>;
}

/** The release that the fixtures are true of. Debian 12 has 3.1.2, with the MarkupSafe of its time. */
const REFERENCE = 30_106;

/** What those two did otherwise before that release, by the sources that show it: infinity as an int, and some of what markup does. */
const MENDED_SINCE = /\|int\b|striptags|\|replace\(|\.(?:casefold|removeprefix|removesuffix)\(/;

/** The requests that are answered otherwise than by Jinja2: another text, or an error on one side only. */
export function differences(requests: readonly Request[]): readonly Difference[] {
  const answers = askJinja2(requests);
  const render = renderer();
  const isOld = jinja2Version() < REFERENCE;
  return requests.flatMap((request, index) => {
    const [python, ours] = [answers[index], render(request)];
    const same = python !== undefined && ('text' in python ? python.text === ours : typeof ours !== 'string');
    const isMended = isOld && MENDED_SINCE.test(request.source);
    return same || isMended ? [] : [{ ...request, python, ours }];
  });
}

/** The lines of a fixture: expressions, and templates where they hold a tag. */
export function readSources(name: string): readonly string[] {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => (/\{[{%#]/.test(line) ? line : `{{ ${line} }}`));
}

/** Every source with every value, with and without escaping. */
export function combine(sources: readonly string[], values: readonly JsonValue[]): readonly Request[] {
  return sources.flatMap((source) =>
    values.flatMap((v) =>
      [false, true].map((autoescape) => ({ source, autoescape, context: { v, w: 'foo' } })),
    ),
  );
}
