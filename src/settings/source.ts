/** Keys and indexes from the root of a file to a value in it. */
export type SourcePath = readonly (string | number)[];

export interface Position {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 code units. */
  readonly column: number;
}

/** A value read from a file, or a part of one, and where each piece of it stands. */
export interface SourceDocument {
  readonly file: string;
  readonly value: unknown;
  /** The way from the root of the file to something below this value: messages name keys by it. */
  pathOf(path: SourcePath): SourcePath;
  /** The place of a key or value below this one; of the nearest thing above it where it is not there. */
  locate(path: SourcePath, what?: 'key' | 'value'): Position;
  /** The place in the file of a 1-based line and column within a string value. */
  locateWithin(path: SourcePath, line: number, column: number): Position;
}

/** What stands at `path`; undefined where nothing does. Own properties only: `constructor` is nobody's key. */
export function valueAt(value: unknown, path: SourcePath): unknown {
  let here = value;
  for (const step of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined;
    here = Reflect.get(here, step);
  }
  return here;
}

/** A mapping, as YAML gives them: neither null nor a list. */
export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The part of a document at `path`, with its places. */
export function partOf(source: SourceDocument, path: SourcePath): SourceDocument {
  return {
    file: source.file,
    value: valueAt(source.value, path),
    pathOf: (below) => source.pathOf([...path, ...below]),
    locate: (below, what) => source.locate([...path, ...below], what),
    locateWithin: (below, line, column) => source.locateWithin([...path, ...below], line, column),
  };
}

/** Two mappings merged key by key, the second one's values winning; each key keeps the place it came from. */
export function mergeSources(base: SourceDocument, over: SourceDocument): SourceDocument {
  if (!isMapping(over.value)) return base;
  if (!isMapping(base.value)) return over;
  const overrides = over.value;
  const side = (path: SourcePath) =>
    path[0] === undefined || Object.hasOwn(overrides, path[0]) ? over : base;
  return {
    file: base.file,
    value: { ...base.value, ...overrides },
    pathOf: (path) => side(path).pathOf(path),
    locate: (path, what) => side(path).locate(path, what),
    locateWithin: (path, line, column) => side(path).locateWithin(path, line, column),
  };
}
