import { basename } from 'node:path';
import type { Problem } from '../lib/errors.js';
import type { CheckLine } from '../model/check.js';
import { problemLine } from './failure.js';
import type { Colour, Paint } from './paint.js';

const COLOURS: Readonly<Record<CheckLine['state'], Colour>> = {
  ok: 'green',
  warning: 'yellow',
  failed: 'red',
};

/** What was checked, a line each, what to do below what is not as it should be. */
export function checkText(
  {
    campaigns,
    problems,
    checks,
  }: {
    readonly campaigns: readonly string[];
    readonly problems: readonly Problem[];
    readonly checks: readonly CheckLine[];
  },
  paint: Paint,
): string {
  const names = campaigns.map((file) => basename(file)).join(', ') || 'none in paths.jobs';
  const files: CheckLine = { what: 'Settings and campaigns', state: 'ok', detail: names };
  const all = [files, ...checks];
  const width = Math.max(...all.map(({ what }) => what.length));
  const lines = all.flatMap(({ what, state, detail, code, hint }) => [
    `${paint(COLOURS[state], state.padEnd(7))}  ${what.padEnd(width)}  ${detail}${code && state !== 'ok' ? ` (${code})` : ''}`,
    ...(hint !== undefined && state !== 'ok' ? [`${' '.repeat(9 + width)}  ${paint('dim', hint)}`] : []),
  ]);
  return [...lines, ...problems.map((problem) => problemLine(problem, paint))].join('\n');
}
