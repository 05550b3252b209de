import type { Clock } from '../lib/clock.js';

const EVERY_MS = 1_000;

const SHOW = '\u001b[?1049h\u001b[?25l\u001b[?7l';
const HIDE = '\u001b[?7h\u001b[?25h\u001b[?1049l';
const HOME = '\u001b[H';
const REST_OF_LINE = '\u001b[K';
const REST_OF_SCREEN = '\u001b[J';
const CTRL_C = '\u0003';

/** A terminal's two ends, as far as they are used here. */
interface Keyboard {
  setRawMode(raw: boolean): unknown;
  setEncoding(encoding: 'utf8'): unknown;
  on(event: 'data', listener: (keys: string) => void): unknown;
  off(event: 'data', listener: (keys: string) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}
interface Screen {
  readonly rows: number;
  write(text: string): unknown;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
}

export interface WatchContext {
  readonly stdin: Keyboard;
  readonly stdout: Screen;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Draws a text again each second, in place: on the terminal's other screen, so that what was there before comes back, and with
 * lines cut at its edge instead of wrapped. Ends at "q", and at the signal; gives the last text, to be left on the screen.
 */
export async function watch(text: () => Promise<string>, context: WatchContext): Promise<string> {
  const { stdin, stdout, clock, signal } = context;
  const asked = new AbortController();
  const ended = AbortSignal.any([signal, asked.signal]);
  const onKey = (key: string) => {
    if (key.includes('q') || key.includes('Q')) asked.abort();
    // In raw mode the terminal makes no signal of it.
    if (key.includes(CTRL_C)) process.kill(process.pid, 'SIGINT');
  };
  let last = '';
  const draw = () => stdout.write(frame(last, stdout.rows, clock.now()));
  // A second Ctrl-C ends the process at once, and the terminal is to be as it was after that too.
  const restore = () => stdout.write(HIDE);

  process.once('exit', restore);
  stdout.write(SHOW);
  stdout.on('resize', draw);
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  stdin.on('data', onKey);
  stdin.resume();
  try {
    while (!ended.aborted) {
      last = await text();
      draw();
      await clock.sleep(EVERY_MS, ended).catch(() => {});
    }
    return last;
  } finally {
    stdin.off('data', onKey);
    stdin.setRawMode(false);
    stdin.pause();
    stdout.off('resize', draw);
    process.off('exit', restore);
    restore();
  }
}

/** One picture: each line over the old one, the rest of the screen emptied. What does not fit is told, and not scrolled. */
function frame(text: string, height: number, now: number): string {
  const lines = text.split('\n');
  const room = Math.max(1, height - 2);
  const shown =
    lines.length > room ? [...lines.slice(0, room - 1), `… ${lines.length - room + 1} more lines`] : lines;
  const foot = `\u001b[2m${new Date(now).toISOString().slice(11, 19)} UTC · q ends it\u001b[22m`;
  return HOME + [...shown, '', foot].map((line) => line + REST_OF_LINE).join('\r\n') + REST_OF_SCREEN;
}
