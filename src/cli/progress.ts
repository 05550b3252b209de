import { createRequire } from 'node:module';
import type { SingleBar } from 'cli-progress';

/** How far something is. */
export interface Progress {
  /** `done` of `total`, and in a few words what is being done. A total of 0 is not known yet. */
  update(done: number, total: number, what: string): void;
  /** Takes it away; another update draws it again. */
  clear(): void;
}

/** One bar on the terminal, drawn at its first update; without a terminal, nothing. */
export function createProgress(terminal: NodeJS.WriteStream | undefined): Progress {
  if (terminal === undefined) return { update() {}, clear() {} };
  let bar: SingleBar | undefined;
  const clear = () => {
    bar?.stop();
    bar = undefined;
  };
  return {
    update: (done, total, what) => {
      if (bar === undefined) {
        bar = createBar(terminal);
        bar.start(total, done, { what });
      }
      bar.setTotal(total);
      bar.update(done, { what });
    },
    // Stopped and not merely cleared: the bar returns to the place where it began, which lines in between move.
    clear,
  };
}

function createBar(stream: NodeJS.WriteStream): SingleBar {
  // CommonJS, and wanted only once something takes long: loaded when the first bar is drawn.
  const { SingleBar } = createRequire(import.meta.url)('cli-progress') as typeof import('cli-progress');
  return new SingleBar({
    stream,
    format: '{what} {bar} {value}/{total}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 40,
    hideCursor: true,
    clearOnComplete: true,
    emptyOnZero: true,
    // Signals are the command's business.
    gracefulExit: false,
  });
}
