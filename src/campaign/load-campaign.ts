import { readdir } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join, resolve, sep } from 'node:path';
import { didYouMean } from '../lib/closest.js';
import { type Problem, RollcallError } from '../lib/errors.js';
import { resolveReferences } from '../settings/references.js';
import { validateSections } from '../settings/validate.js';
import { readYaml } from '../settings/yaml.js';
import type { Campaign, CampaignDraft } from './campaign.js';
import { campaignShape } from './campaign-schema.js';
import { invalid } from './invalid.js';
import type { Environment } from './load-settings.js';
import { mergePatterns } from './merge-patterns.js';
import type { Settings } from './settings-schema.js';

const EXTENSIONS = ['.yaml', '.yml'];

/** The campaigns in `paths.jobs` by name, in alphabetical order. An absent folder has none. */
export async function listCampaigns(settings: Settings<'paths'>): Promise<readonly string[]> {
  const files = await filesIn(settings.paths.jobs);
  const names = files.filter((file) => EXTENSIONS.includes(extname(file))).map(nameOfFile);
  return [...new Set(names)].sort();
}

/**
 * The file of a campaign: a path where it looks like one, else a name in `paths.jobs`.
 * @throws ROLLCALL_ERR_UNKNOWN_CAMPAIGN with a "did you mean".
 */
export async function findCampaign(settings: Settings<'paths'>, nameOrPath: string): Promise<string> {
  const looksLikePath =
    isAbsolute(nameOrPath) ||
    nameOrPath.includes('/') ||
    nameOrPath.includes(sep) ||
    EXTENSIONS.includes(extname(nameOrPath));
  if (looksLikePath) return resolve(nameOrPath);
  const files = await filesIn(settings.paths.jobs);
  const file = EXTENSIONS.map((extension) => `${nameOrPath}${extension}`).find((each) =>
    files.includes(each),
  );
  if (file !== undefined) return join(settings.paths.jobs, file);
  const known = await listCampaigns(settings);
  throw new RollcallError(
    'ROLLCALL_ERR_UNKNOWN_CAMPAIGN',
    `There is no campaign "${nameOrPath}" in ${settings.paths.jobs}.`,
    {
      hint:
        didYouMean(nameOrPath, known) ??
        (known.length > 0 ? `There are: ${known.join(', ')}.` : 'Put a campaign file there: jobs/NAME.yaml.'),
    },
  );
}

/**
 * Reads a campaign and checks all that can be checked without its templates.
 * @throws ROLLCALL_ERR_INVALID with all problems; ROLLCALL_ERR_UNKNOWN_CAMPAIGN.
 */
export async function loadCampaign(
  settings: Settings<'paths'>,
  nameOrPath: string,
  env: Environment = process.env,
): Promise<Campaign> {
  const { campaign, problems } = await readCampaign(await findCampaign(settings, nameOrPath), env);
  if (campaign === undefined) throw invalid(problems);
  return campaign;
}

export interface ReadCampaign {
  /** Absent where there is a problem. */
  readonly campaign?: Campaign;
  /** What of it could be read, for further checks; absent where the file cannot be read at all. */
  readonly draft?: CampaignDraft;
  readonly problems: readonly Problem[];
}

/** {@link loadCampaign} for whoever wants to look for further problems although there are some. */
export async function readCampaign(file: string, env: Environment): Promise<ReadCampaign> {
  const read = await readYaml(file);
  if (read.document === undefined) return { problems: read.problems };
  const resolved = await resolveReferences(read.document, { env });
  const source = resolved.document;
  const files = { dir: dirname(file) };
  const { values, problems: wrong } = validateSections(source, campaignShape(files));
  const merged = mergePatterns(source, files);
  const problems = [...resolved.problems, ...resolved.withoutConsequences([...wrong, ...merged.problems])];

  if (values.name !== undefined && values.name !== nameOfFile(file))
    problems.push({
      severity: 'error',
      code: 'ROLLCALL_ERR_VALUE',
      message: `name: "${values.name}" is not the file's name, "${nameOfFile(file)}".`,
      hint: "The ledger is kept under the campaign's name: rename the file or the campaign, not both.",
      ...source.locate(['name']),
    });

  const { aliases: _, provisioning: __, message: ___, ...rest } = values;
  const draft: CampaignDraft = { ...rest, file, source, patterns: merged.patterns };
  if (problems.length > 0) return { draft, problems };
  return { campaign: draft as Campaign, draft, problems }; // without a problem every key of the shape is there
}

/** An absent folder is an empty one: what is missing from it is named by whoever looks for it. */
function filesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((): string[] => []);
}

function nameOfFile(file: string): string {
  return basename(file, extname(file));
}
