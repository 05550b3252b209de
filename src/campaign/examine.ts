import type { Jinja } from '../jinja/types.js';
import type { Problem } from '../lib/errors.js';
import { valueAt } from '../settings/source.js';
import {
  type InspectedTemplate,
  inspectTemplate,
  type TemplateOptions,
} from '../templates/inspect-template.js';
import type { MessageTemplate } from '../templates/message-template.js';
import { compileTemplate } from '../templates/open-template.js';
import type { CampaignDraft } from './campaign.js';
import { type CompiledPattern, compilePatterns, messageProblems } from './compile-patterns.js';

export interface ExamineOptions {
  /** A campaign, or what could be read of one. */
  readonly draft: CampaignDraft;
  /** `paths.templates`. */
  readonly templates: string;
  readonly jinja: Jinja;
}

export interface Examined {
  readonly patterns: readonly CompiledPattern[];
  readonly inspected: readonly InspectedTemplate[];
  readonly problems: readonly Problem[];
}

/**
 * Everything that can be said about a campaign's strings and templates without compiling MJML, which takes long to load: so all
 * that is wrong is told within some milliseconds.
 */
export async function examineCampaign({ draft, templates, jinja }: ExamineOptions): Promise<Examined> {
  const { patterns, problems } = compilePatterns(draft, jinja);
  const all: Problem[] = [...problems];
  const inspected = new Map<string, InspectedTemplate | undefined>();
  for (const name of templateNames(draft)) {
    const found = await inspectTemplate({ dir: templates, name, jinja });
    all.push(...found.problems.map((problem) => atItsName(problem, name, draft)));
    inspected.set(name, found.inspected);
  }
  all.push(...messageProblems(patterns, inspected));
  return { patterns, inspected: [...inspected.values()].filter((each) => each !== undefined), problems: all };
}

/** Compiles inspected templates; where there is no error, each has a message template under its name. */
export async function compileMessages(
  inspected: readonly InspectedTemplate[],
  options: Omit<TemplateOptions, 'name'>,
): Promise<{ templates: ReadonlyMap<string, MessageTemplate>; problems: readonly Problem[] }> {
  const templates = new Map<string, MessageTemplate>();
  const problems: Problem[] = [];
  for (const each of inspected) {
    const compiled = await compileTemplate(each, { ...options, name: each.name });
    problems.push(...compiled.problems);
    if (compiled.template) templates.set(each.name, compiled.template);
  }
  return { templates, problems };
}

function templateNames(draft: CampaignDraft): ReadonlySet<string> {
  return new Set(draft.patterns.flatMap(({ message }) => (message ? [message.value.template] : [])));
}

/** A template that is not there is a problem of the campaign that names it. */
function atItsName(problem: Problem, name: string, draft: CampaignDraft): Problem {
  if (problem.file !== undefined) return problem;
  const holder = draft.patterns.find(({ message }) => message?.value.template === name)?.message;
  return {
    ...problem,
    ...(holder &&
      valueAt(holder.source.value, ['template']) !== undefined &&
      holder.source.locate(['template'])),
  };
}
