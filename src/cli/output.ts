import { RollcallError } from '../lib/errors.js';
import { printableDocument, printableJson } from '../lib/printable.js';
import { hang } from './hang.js';
import { createPaint, type Paint } from './paint.js';
import { createProgress, type Progress } from './progress.js';

/** Where a command prints. Logs do not come here: they are stderr's. */
export interface Output {
  readonly json: boolean;
  /** A person sits at both ends, so that asking makes sense. */
  readonly interactive: boolean;
  /** The reader has gone (EPIPE): there is no use in printing on. */
  readonly closed: boolean;
  readonly paint: Paint;
  /** The result has been shown; with `--json`, there is room for no other document. */
  readonly shown: boolean;
  /** The result: the document itself with `--json`, else what `text` makes of it. */
  show<T>(document: T, text: (document: T, paint: Paint) => string): void;
  /** A line for people while something goes on; on stderr, and never with `--json`. */
  note(text: string): void;
  /** Text on stdout without a document, for formats of their own (a report on stdout). Resolves once it was taken. */
  raw(text: string): Promise<void>;
  /** The one bar, on a terminal; nothing anywhere else. */
  readonly progress: Progress;
  /** Resolves once all that was printed is out. @throws ROLLCALL_ERR_IO where it could not be written. */
  flushed(): Promise<void>;
}

export function createOutput({ json, env }: { json: boolean; env: NodeJS.ProcessEnv }): Output {
  const { stdin, stdout, stderr } = process;
  const paint = createPaint(stdout, env);
  let closed = false;
  let shown = false;
  let fault: RollcallError | undefined;
  for (const stream of [stdout, stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      closed = true;
      // `rollcall status | head`: the reader has what it wanted. Anything else (a full disk) is a fault.
      if (error.code !== 'EPIPE')
        fault ??= new RollcallError('ROLLCALL_ERR_IO', `The output could not be written: ${error.message}`);
    });
  const bar = createProgress(!json && stderr.isTTY === true ? stderr : undefined);
  const folded = (text: string) => (stdout.isTTY === true ? hang(text, stdout.columns) : text);
  const write = (stream: NodeJS.WriteStream, text: string) => {
    if (!closed) stream.write(text.endsWith('\n') ? text : `${text}\n`);
  };
  return {
    json,
    interactive: !json && stdin.isTTY === true && stdout.isTTY === true,
    get closed() {
      return closed;
    },
    paint,
    get shown() {
      return shown;
    },
    show: (document, text) => {
      shown = true;
      write(stdout, json ? printableJson(document) : folded(text(printableDocument(document), paint)));
    },
    note: (text) => {
      if (json) return;
      bar.clear();
      write(stderr, text);
    },
    raw: async (text) => {
      // A reader that has gone is noticed by the stream's own listener.
      if (!closed) await new Promise<void>((resolve) => stdout.write(text, () => resolve()));
    },
    progress: bar,
    flushed: async () => {
      for (const stream of [stdout, stderr])
        if (!closed) await new Promise<void>((resolve) => stream.write('', () => resolve()));
      if (fault !== undefined) throw fault;
    },
  };
}
