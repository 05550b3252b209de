import { relative, resolve } from 'node:path';
import type { Comparison } from './compare.js';
import type { Manifest, ManifestProblem } from './manifest.js';

/** GitHub shows ten annotations of a kind a step, so that the first ones must be the telling ones. */
const escapeData = (text: string) => text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
const escapeProperty = (text: string) => escapeData(text).replace(/:/g, '%3A').replace(/,/g, '%2C');

/**
 * A problem as a workflow command, which GitHub shows at its line of the pull request. Paths are relative to the
 * workspace, which is how GitHub finds the file. (docs.github.com, "Workflow commands".)
 */
export function annotation(problem: ManifestProblem, root: string): string {
  const properties = [
    problem.file === null ? undefined : `file=${escapeProperty(relative(root, resolve(problem.file)))}`,
    problem.line === null ? undefined : `line=${problem.line}`,
    problem.column === null ? undefined : `col=${problem.column}`,
    `title=${escapeProperty(problem.code)}`,
  ].filter((property) => property !== undefined);
  return `::${problem.severity} ${properties.join(',')}::${escapeData(problem.message)}`;
}

/** Rows of people shown in a summary; the gallery has all of them. */
const SHOWN = 20;

const cell = (text: string) => text.replace(/[\\|`*_<>[\]]/g, '\\$&').replace(/[\r\n]+/g, ' ');

/** The Markdown that goes to `$GITHUB_STEP_SUMMARY`. */
export function summary(manifest: Manifest, comparison: Comparison | undefined): string {
  const { messages, skipped, conflicts, problems } = manifest;
  const errors = problems.filter(({ severity }) => severity === 'error');
  const lines = [
    `## ${cell(manifest.campaign)}: what people would get`,
    '',
    '| people read | mails | skipped | conflicts | errors | warnings |',
    '| ---: | ---: | ---: | ---: | ---: | ---: |',
    `| ${manifest.people} | ${messages.length} | ${skipped.length} | ${conflicts.length} | ${errors.length} | ${problems.length - errors.length} |`,
  ];
  if (comparison) lines.push('', ...comparisonLines(comparison));
  lines.push(...problemLines(problems));
  return `${lines.join('\n')}\n`;
}

/** The same where there is nothing to see, because the files are invalid. */
export function failureSummary(campaign: string, problems: readonly ManifestProblem[]): string {
  const lines = [`## ${cell(campaign)}: nothing could be rendered`, ...problemLines(problems)];
  return `${lines.join('\n')}\n`;
}

function problemLines(problems: readonly ManifestProblem[]): string[] {
  if (problems.length === 0) return [];
  const lines = ['', '### Problems', '', '| | code | what | where |', '| --- | --- | --- | --- |'];
  for (const { severity, code, message, file, line } of problems.slice(0, SHOWN)) {
    const where = file === null ? '' : `${file}${line === null ? '' : `:${line}`}`;
    lines.push(`| ${severity} | \`${code}\` | ${cell(message)} | ${cell(where)} |`);
  }
  if (problems.length > SHOWN) lines.push('', `… and ${problems.length - SHOWN} more.`);
  return lines;
}

function comparisonLines({ added, gone, changed, same }: Comparison): string[] {
  const lines = [
    `Compared with the earlier dry run: **${added.length} new**, **${gone.length} gone**, **${changed.length} changed**, ${same} the same.`,
  ];
  if (changed.length === 0) return lines;
  lines.push('', '| changed | what |', '| --- | --- |');
  for (const { dn, changes } of changed.slice(0, SHOWN)) {
    const what = changes.map((change) =>
      change.before === null && change.after === null
        ? change.what
        : `${change.what}: ${change.before ?? 'none'} → ${change.after ?? 'none'}`,
    );
    lines.push(`| ${cell(dn)} | ${cell(what.join('; '))} |`);
  }
  if (changed.length > SHOWN) lines.push('', `… and ${changed.length - SHOWN} more.`);
  return lines;
}
