import { appendFile } from 'node:fs/promises';
import type { DryRun } from '../dry-run/dry-run.js';
import { annotation, failureSummary, summary } from '../dry-run/github.js';
import { type ManifestProblem, manifestProblem } from '../dry-run/manifest.js';
import { type Problem, RollcallError } from '../lib/errors.js';
import type { Session } from './session.js';

/**
 * Problems as annotations of a GitHub workflow, and a summary of the step. On stdout, or with `--json` on stderr: the runner
 * reads both.
 */
export async function tellingGithub(
  { out, env }: Session,
  what: DryRun | RollcallError,
  campaign = '',
): Promise<void> {
  const problems =
    what instanceof RollcallError
      ? (what.problems.length > 0
          ? what.problems
          : [{ severity: 'error' as const, code: what.code, message: what.message }]
        ).map(withHint)
      : what.manifest.problems;
  const root = env['GITHUB_WORKSPACE'] || process.cwd();
  const lines = problems.map((problem) => `${annotation(problem, root)}\n`).join('');
  if (out.json) process.stderr.write(lines);
  else out.raw(lines);

  const file = env['GITHUB_STEP_SUMMARY'];
  if (!file) return;
  const markdown =
    what instanceof RollcallError
      ? failureSummary(campaign, problems)
      : summary(what.manifest, what.comparison);
  await appendFile(file, markdown);
}

/** An annotation has no place of its own for what to do. */
function withHint(problem: Problem): ManifestProblem {
  const { message, hint } = problem;
  return manifestProblem(
    hint === undefined ? problem : { ...problem, message: `${message.replace(/\.$/, '')}. ${hint}` },
  );
}
