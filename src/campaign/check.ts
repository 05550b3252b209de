import { createJinja } from '../jinja/jinja.js';
import { type Problem, RollcallError } from '../lib/errors.js';
import type { InspectedTemplate } from '../templates/inspect-template.js';
import { compileMessages, examineCampaign } from './examine.js';
import { inOrder } from './invalid.js';
import { findCampaign, listCampaigns, readCampaign } from './load-campaign.js';
import { type Environment, readSettings } from './load-settings.js';
import type { SectionName } from './settings-schema.js';

/** All of them: `check` leaves none out. */
const SECTIONS = [
  'paths',
  'keys',
  'directory',
  'redis',
  'smtp',
  'recipients',
  'notify',
  'bounces',
  'ledger',
  'allowPlaintext',
] as const satisfies readonly SectionName[];

export interface CheckFilesOptions {
  /** The settings file. */
  readonly config: string;
  /** Names or paths; every campaign in `paths.jobs` where it is left out. */
  readonly campaigns?: readonly string[];
  /** The sections of the settings; all where it is left out. */
  readonly sections?: readonly SectionName[];
  readonly env?: Environment;
}

export interface CheckedFiles {
  /** The files of the campaigns that were looked at. */
  readonly campaigns: readonly string[];
  /** In the order of their places; warnings too. */
  readonly problems: readonly Problem[];
}

/**
 * Every problem of the settings, of campaigns and of their templates in one go. Nothing is asked of any service. The templates' MJML
 * is compiled only where nothing is wrong so far: the compiler takes longer to load than all else together, it finds
 * next to nothing that the look at its grammar has not, and whoever mistyped a word wants to know at once.
 */
export async function checkFiles(options: CheckFilesOptions): Promise<CheckedFiles> {
  const { config, sections = SECTIONS, env = process.env } = options;
  const settings = await readSettings(config, sections, env);
  const problems: Problem[] = [...settings.problems];
  const { paths } = settings.values;
  if (paths === undefined) return { campaigns: [], problems: inOrder(problems) };

  const located = { file: settings.file, paths, allowPlaintext: settings.values.allowPlaintext ?? false };
  const jinja = createJinja({});
  const files: string[] = [];
  for (const name of options.campaigns ?? (await listCampaigns(located))) {
    try {
      files.push(await findCampaign(located, name));
    } catch (error) {
      if (!(error instanceof RollcallError)) throw error;
      const { code, message, hint } = error;
      problems.push({ severity: 'error', code, message, hint });
    }
  }
  const inspected: (readonly InspectedTemplate[])[] = [];
  for (const file of files) {
    const { draft, problems: wrong } = await readCampaign(file, env);
    problems.push(...wrong);
    if (draft === undefined) continue;
    const examined = await examineCampaign({ draft, templates: paths.templates, jinja });
    problems.push(...examined.problems);
    inspected.push(examined.inspected);
  }
  if (!problems.some(({ severity }) => severity === 'error')) {
    for (const templates of inspected) {
      const compiled = await compileMessages(templates, { dir: paths.templates, jinja });
      problems.push(...compiled.problems);
    }
  }
  return { campaigns: files, problems: inOrder(problems) };
}
