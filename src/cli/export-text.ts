import type { ExportSummary } from '../steering/export.js';
import type { Paint } from './paint.js';

/** More than so many are in the JSON alone. */
const SHOWN = 10;

/** What was written, who was left out, and what to know about the file. */
export function exportText(
  { file, people, conflicts, faults, notes }: ExportSummary & { readonly file: string },
  paint: Paint,
): string {
  const more = conflicts.length - SHOWN;
  const left = [
    ...conflicts
      .slice(0, SHOWN)
      .map(({ alias, people: same }) => `left out, two people with one alias: ${alias} (${same.join('; ')})`),
    ...(more > 0 ? [`and ${more} more of those: see them with --json`] : []),
    ...Object.entries(faults).map(([code, count]) => `left out, ${code}: ${count}`),
  ];
  return [
    people > 0 ? `${file}: ${people} ${people === 1 ? 'person' : 'people'}.` : `${file} is written.`,
    ...[...left, ...notes].map((line) => paint('yellow', line)),
  ].join('\n');
}
