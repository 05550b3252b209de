import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { watch } from '../../src/cli/watch.js';
import { systemClock } from '../../src/lib/clock.js';
import { waitFor } from '../../src/lib/deadline.js';

/** A terminal of so many lines: what is typed into it, all that was drawn, and whether keys come one by one. */
function terminal(rows: number) {
  const drawn: string[] = [];
  const modes: boolean[] = [];
  const stdin = Object.assign(new PassThrough(), { setRawMode: (raw: boolean) => modes.push(raw) });
  const stdout = Object.assign(new PassThrough(), { rows });
  stdout.on('data', (chunk: Buffer) => drawn.push(chunk.toString()));
  return { stdin, stdout, drawn, modes };
}

test('draws what there is until q is typed, gives the last of it, and leaves the terminal as it was', async () => {
  const { stdin, stdout, drawn, modes } = terminal(10);
  let looks = 0;
  const watched = watch(
    async () => {
      looks += 1;
      return `look ${looks}`;
    },
    { stdin, stdout, clock: systemClock, signal: new AbortController().signal },
  );
  await waitFor(() => drawn.some((text) => text.includes('look 2')), { ms: 10_000, what: 'a second look' });
  stdin.write('xq');
  expect(await watched).toBe(`look ${looks}`);
  expect(modes).toEqual([true, false]);
  // On the other screen, without a cursor, lines cut at the edge; and all of it taken back, last first.
  expect(drawn[0]).toBe('\u001b[?1049h\u001b[?25l\u001b[?7l');
  expect(drawn.at(-1)).toBe('\u001b[?7h\u001b[?25h\u001b[?1049l');
  expect(stdin.listenerCount('data') + stdout.listenerCount('resize')).toBe(0);
});

test('tells how many lines do not fit, and takes the terminal back when a look fails', async () => {
  const { stdin, stdout, drawn, modes } = terminal(8);
  const stop = new AbortController();
  let looks = 0;
  const watched = watch(
    async () => {
      looks += 1;
      if (looks === 2) throw new Error('Redis is away');
      return Array.from({ length: 20 }, (_, line) => `line ${line + 1}`).join('\n');
    },
    { stdin, stdout, clock: systemClock, signal: stop.signal },
  );
  await expect(watched).rejects.toThrow('Redis is away');
  const [, frame = ''] = drawn;
  expect(frame.split('\r\n').length).toBe(8);
  expect(frame).toContain('line 5\u001b[K\r\n… 15 more lines');
  expect(modes).toEqual([true, false]);
  expect(drawn.at(-1)).toBe('\u001b[?7h\u001b[?25h\u001b[?1049l');
});
