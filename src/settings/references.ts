import { dirname, resolve } from 'node:path';
import type { Problem } from '../lib/errors.js';
import { fileReason } from '../lib/file-reason.js';
import { readText } from './read-text.js';
import type { Position, SourceDocument, SourcePath } from './source.js';
import { isMapping } from './source.js';
import { withValue } from './yaml.js';

/** `$${`, or `${` with what follows up to the next brace. */
const REFERENCE = /\$\$\{|\$\{([^}]*)(\}?)/g;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

export interface ResolveOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Only below these top-level keys; everywhere when not given. */
  readonly sections?: readonly string[];
}

export interface ResolvedReferences {
  /** The document with everything put in that could be. */
  readonly document: SourceDocument;
  readonly problems: readonly Problem[];
  /** Leaves out what is only wrong with a value because a reference in it could not be resolved. */
  withoutConsequences(problems: readonly Problem[]): Problem[];
}

/**
 * Puts in what `${NAME}` and `${file:…}` name, in string values and never in keys; `$${` becomes `${`. What was put in is
 * not looked at again. A file's path is relative to the document, and its content is trimmed.
 */
export async function resolveReferences(
  source: SourceDocument,
  { env, sections }: ResolveOptions,
): Promise<ResolvedReferences> {
  const problems: Problem[] = [];
  const unresolved: Position[] = [];

  const lookUp = async (name: string, closed: boolean): Promise<{ text: string } | { wrong: string }> => {
    if (!closed) return { wrong: 'A reference is not closed: "}" is missing.' };
    if (name.startsWith('file:')) {
      const file = resolve(dirname(source.file), name.slice('file:'.length));
      try {
        return { text: (await readText(file)).trim() };
      } catch (error) {
        return { wrong: `The file ${file} cannot be read: ${fileReason(error)}.` };
      }
    }
    if (!VARIABLE.test(name)) return { wrong: `"\${${name}}" is no reference.` };
    const text = env[name];
    return text === undefined ? { wrong: `The environment variable ${name} is not set.` } : { text };
  };

  const resolveText = async (text: string, path: SourcePath): Promise<string> => {
    if (!text.includes('${')) return text;
    let result = '';
    let done = 0;
    for (const found of text.matchAll(REFERENCE)) {
      result += text.slice(done, found.index);
      done = found.index + found[0].length;
      if (found[1] === undefined) {
        result += '${';
        continue;
      }
      const value = await lookUp(found[1], found[2] === '}');
      if ('text' in value) result += value.text;
      else {
        unresolved.push(source.locate(path));
        const before = text.slice(0, found.index).split('\n');
        problems.push({
          severity: 'error',
          code: 'ROLLCALL_ERR_REFERENCE',
          message: value.wrong,
          ...source.locateWithin(path, before.length, (before.at(-1)?.length ?? 0) + 1),
        });
      }
    }
    return result + text.slice(done);
  };

  const resolveValue = async (value: unknown, path: SourcePath): Promise<unknown> => {
    if (typeof value === 'string') return resolveText(value, path);
    if (Array.isArray(value)) {
      const list: unknown[] = [];
      for (const [index, item] of value.entries()) list.push(await resolveValue(item, [...path, index]));
      return list;
    }
    if (!isMapping(value)) return value;
    const entries: [string, unknown][] = [];
    for (const [key, item] of Object.entries(value)) {
      const wanted = path.length > 0 || sections === undefined || sections.includes(key);
      entries.push([key, wanted ? await resolveValue(item, [...path, key]) : item]);
    }
    return Object.fromEntries(entries);
  };

  const document = withValue(source, await resolveValue(source.value, []));
  const follows = (problem: Problem) =>
    unresolved.some(({ line, column }) => problem.line === line && problem.column === column);
  return { document, problems, withoutConsequences: (others) => others.filter((each) => !follows(each)) };
}
