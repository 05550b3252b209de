import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';
import { messageOf, type Problem } from '../lib/errors.js';
import { fileReason } from '../lib/file-reason.js';
import { readText } from './read-text.js';
import { offsetWithin } from './scalar-offset.js';
import type { Position, SourceDocument, SourcePath } from './source.js';
import { valueAt } from './source.js';

export interface ReadYaml {
  /** Undefined where the file cannot be read or parsed; then there is at least one problem. */
  readonly document?: SourceDocument;
  readonly problems: readonly Problem[];
}

/** Reads one YAML 1.2 file. Whatever is wrong with it comes back as problems at their places. */
export async function readYaml(file: string): Promise<ReadYaml> {
  let text: string;
  try {
    text = await readText(file);
  } catch (error) {
    const message = `The file cannot be read: ${fileReason(error)}.`;
    return { problems: [{ severity: 'error', code: 'ROLLCALL_ERR_FILE', message, file }] };
  }
  return parseYaml(text, file);
}

/** {@link readYaml} for text that is already here. */
export function parseYaml(text: string, file: string): ReadYaml {
  const lines = new LineCounter();
  // `error`: what the library would print as a warning is reported as a problem here.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };

  const problems = [...document.errors, ...document.warnings].map((error): Problem => {
    const hint = yamlHint(error.code);
    return {
      severity: 'error',
      code: 'ROLLCALL_ERR_YAML',
      message: `${error.code === 'DUPLICATE_KEY' ? 'This key is given twice' : error.message}.`,
      ...(hint !== undefined && { hint }),
      ...at(error.pos[0]),
    };
  });
  visit(document, {
    Alias(_key, alias) {
      if (alias.resolve(document) !== undefined) return;
      problems.push({
        severity: 'error',
        code: 'ROLLCALL_ERR_YAML',
        message: `*${alias.source} is an alias of nothing.`,
        hint: 'A value that begins with * must be in quotes.',
        ...at(startOf(alias) ?? 0),
      });
    },
  });
  if (problems.length > 0) return { problems };

  let value: unknown;
  try {
    // An empty file is a mapping without keys, so that what is missing is listed.
    value = document.toJS() ?? {};
  } catch (error) {
    const message = `${messageOf(error)}.`;
    return { problems: [{ severity: 'error', code: 'ROLLCALL_ERR_YAML', message, ...at(0) }] };
  }

  const located: SourceDocument = {
    file,
    value,
    pathOf: (path) => path,
    locate(path, what = 'value') {
      const found = walk(document, path);
      return at((what === 'key' ? found.key : found.value) ?? 0);
    },
    locateWithin(path, line, column) {
      const { node, value: start } = walk(document, path);
      const whole = valueAt(value, path);
      if (!isScalar(node) || typeof whole !== 'string') return at(start ?? 0);
      return at(offsetWithin(text, node, whole, line, column) ?? start ?? 0);
    },
  };
  return { document: located, problems: [] };
}

/** The same document with another value (references resolved): the places stay. */
export function withValue(source: SourceDocument, value: unknown): SourceDocument {
  return { ...source, value };
}

function yamlHint(code: string): string | undefined {
  switch (code) {
    case 'BAD_ALIAS':
      return 'A value that begins with * or & must be in quotes.';
    case 'MULTIPLE_DOCS':
      return 'One file holds one document: take out the line "---".';
    case 'BAD_SCALAR_START':
      return 'A value that begins with @ or ` must be in quotes.';
    case 'TAB_AS_INDENT':
      return 'Indent with spaces.';
    case 'TAG_RESOLVE_FAILED':
      return 'A value that begins with ! must be in quotes.';
    default:
      return undefined;
  }
}

interface Found {
  readonly node: unknown;
  /** Offsets of the deepest key and value that exist on the way. */
  readonly key: number | undefined;
  readonly value: number | undefined;
}

function walk(document: Document.Parsed, path: SourcePath): Found {
  let node: unknown = document.contents;
  let key: number | undefined = startOf(node);
  let value: number | undefined = key;
  for (const step of path) {
    const holder = follow(document, node);
    if (isMap(holder)) {
      const pair = holder.items.find((item) => keyText(item.key) === String(step));
      if (pair === undefined) return { node: undefined, key, value: key };
      key = startOf(pair.key) ?? key;
      node = pair.value;
      value = startOf(node) ?? key;
    } else if (isSeq(holder) && typeof step === 'number' && holder.items[step] !== undefined) {
      node = holder.items[step];
      value = startOf(node) ?? key;
      key = value;
    } else return { node: undefined, key, value: key };
  }
  return { node: follow(document, node), key, value };
}

function follow(document: Document.Parsed, node: unknown): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function keyText(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

function startOf(node: unknown): number | undefined {
  return typeof node === 'object' && node !== null && 'range' in node
    ? (node as Node).range?.[0] // everything the parser makes that has a range is a Node
    : undefined;
}
