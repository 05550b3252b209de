import { join, relative, resolve } from 'node:path';
import type { Comparison } from '../dry-run/compare.js';
import type { DryRun } from '../dry-run/dry-run.js';
import type { ManifestProblem } from '../dry-run/manifest.js';
import type { Paint } from './paint.js';
import { facts, table } from './table.js';

/** What `dry-run --json` prints; the manifest has the rest. */
export interface DryRunDocument {
  readonly campaign: string;
  readonly people: number;
  readonly counts: Readonly<Record<'messages' | 'skipped' | 'conflicts' | 'errors' | 'warnings', number>>;
  /** Mails by alias pattern. */
  readonly patterns: Readonly<Record<string, number>>;
  /** People by the reason for which they get nothing. */
  readonly skipped: Readonly<Record<string, number>>;
  readonly problems: readonly ManifestProblem[];
  readonly comparison: Comparison | null;
  /** Absolute, as are the next two. */
  readonly out: string;
  readonly manifest: string;
  readonly gallery: string;
}

export function dryRunDocument({ manifest, comparison }: DryRun, out: string): DryRunDocument {
  const { campaign, people, messages, skipped, conflicts, problems } = manifest;
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const dir = resolve(out);
  return {
    campaign,
    people,
    counts: {
      messages: messages.length,
      skipped: skipped.length,
      conflicts: conflicts.length,
      errors,
      warnings: problems.length - errors,
    },
    patterns: tally(messages.map(({ pattern }) => pattern)),
    skipped: tally(skipped.map(({ reason }) => reason)),
    problems,
    comparison: comparison ?? null,
    out: dir,
    manifest: join(dir, 'manifest.json'),
    gallery: join(dir, 'index.html'),
  };
}

/** Problems shown of each code, and people of each kind of change; the gallery has all of them. */
const SHOWN = 10;

export function dryRunText(document: DryRunDocument, paint: Paint): string {
  const { campaign, people, counts, patterns, skipped, problems, comparison, gallery } = document;
  const rows = [
    ...Object.entries(patterns).map(([name, count]) => [`mails as ${name}`, String(count)]),
    ...Object.entries(skipped).map(([reason, count]) => [`nothing: ${reason}`, String(count)]),
    ...(counts.conflicts > 0 ? [['aliases in conflict', String(counts.conflicts)]] : []),
  ];
  const parts = [
    table([{ title: campaign }, { title: `${people} people`, align: 'right' }], rows),
    ...(comparison ? [comparisonText(comparison, paint)] : []),
    ...(problems.length > 0 ? [problemsText(problems, paint)] : []),
    facts([
      ['Mails', String(counts.messages)],
      ['Problems', problemCount(counts, paint)],
      ['Look at them', shortened(gallery)],
    ]),
  ];
  return parts.join('\n\n');
}

function problemCount({ errors, warnings }: DryRunDocument['counts'], paint: Paint): string {
  if (errors + warnings === 0) return paint('green', 'none');
  const parts = [
    ...(errors > 0 ? [paint('red', `${errors} error${errors === 1 ? '' : 's'}`)] : []),
    ...(warnings > 0 ? [paint('yellow', `${warnings} warning${warnings === 1 ? '' : 's'}`)] : []),
  ];
  return parts.join(', ');
}

/** `file:line:column: CODE: what`, as compilers write it; of many of one code, the first. */
function problemsText(problems: readonly ManifestProblem[], paint: Paint): string {
  const seen = new Map<string, number>();
  const lines = problems.flatMap(({ severity, code, message, file, line, column }) => {
    const count = (seen.get(code) ?? 0) + 1;
    seen.set(code, count);
    if (count > SHOWN) return [];
    const place = [file, line, column].filter((part) => part !== null).join(':');
    const told = `${paint(severity === 'error' ? 'red' : 'yellow', code)}: ${severity === 'warning' ? 'warning: ' : ''}${clean(message)}`;
    return [place === '' ? told : `${place}: ${told}`];
  });
  const more = [...seen].flatMap(([code, count]) =>
    count > SHOWN ? [`${paint('dim', `… and ${count - SHOWN} more of ${code}`)}`] : [],
  );
  return [...lines, ...more].join('\n');
}

function comparisonText({ added, gone, changed, same }: Comparison, paint: Paint): string {
  const head = `Compared: ${added.length} new, ${gone.length} gone, ${changed.length} changed, ${same} the same`;
  const some = <T>(list: readonly T[], line: (each: T) => string): string[] => [
    ...list.slice(0, SHOWN).map(line),
    ...(list.length > SHOWN ? [paint('dim', `  … and ${list.length - SHOWN} more`)] : []),
  ];
  return [
    head,
    ...some(added, ({ dn }) => `${paint('green', '+')} ${clean(dn)}`),
    ...some(
      gone,
      ({ dn, reason }) => `${paint('red', '-')} ${clean(dn)}${reason === null ? '' : `: now ${reason}`}`,
    ),
    ...some(
      changed,
      ({ dn, changes }) =>
        `${paint('yellow', '~')} ${clean(dn)}: ${clean(changes.map(changeText).join('; '))}`,
    ),
  ].join('\n');
}

type Changed = Comparison['changed'][number]['changes'][number];

function changeText({ what, before, after }: Changed): string {
  return before === null && after === null ? what : `${what}: ${before ?? 'none'} → ${after ?? 'none'}`;
}

function tally(words: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const word of [...words].sort()) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Object.fromEntries(counts);
}

function shortened(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near;
}

/** A name may hold line breaks and escapes, which would speak to the terminal, or to the runner of a workflow. */
function clean(text: string): string {
  return text.replace(/\p{Cc}/gu, '\uFFFD');
}
