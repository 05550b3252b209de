import type { Jinja, JinjaTemplate, SymbolUse } from '../jinja/types.js';
import type { Problem } from '../lib/errors.js';
import { prepareSystem } from '../provisioning/prepare.js';
import { linkFields, type PreparedSystem } from '../provisioning/system.js';
import { isMapping, type SourceDocument, valueAt } from '../settings/source.js';
import type { InspectedTemplate } from '../templates/inspect-template.js';
import type { CampaignDraft, PatternDraft } from './campaign.js';
import { compileString } from './compile-string.js';
import { attributeHint, deviceVariables, isAttribute, type Scope, symbolProblem } from './scope.js';

/** The strings of a pattern that are templates. */
type StringName = 'to' | 'locale' | 'alias' | 'username' | 'password';

/** An alias pattern of which every template is compiled, but for its message. */
export interface CompiledPattern {
  readonly draft: PatternDraft;
  readonly strings: Readonly<Partial<Record<StringName, JinjaTemplate>>>;
  readonly system: PreparedSystem | undefined;
  /** What the strings and the system use. */
  readonly symbols: readonly SymbolUse[];
  /** What its message may use. */
  readonly messageScope: Scope;
}

/** Compiles all template strings of a campaign and checks their variables. */
export function compilePatterns(
  draft: CampaignDraft,
  jinja: Jinja,
): { patterns: readonly CompiledPattern[]; problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const rawVars = valueAt(draft.source.value, ['vars']) ?? {};
  const vars = isMapping(rawVars) ? new Set(Object.keys(rawVars)) : undefined;
  const attributes = new Set(namedAttributes(draft.source).map((name) => name.toLowerCase()));
  const systems = new Map<SourceDocument, PreparedSystem | undefined>();

  const patterns = draft.patterns.map((pattern): CompiledPattern => {
    problems.push(...unknownConditions(draft.source, pattern, attributes));
    const groups =
      pattern.match &&
      new Set(pattern.match.flatMap((each) => each.alternatives.flatMap((one) => one.groups)));
    const scope = (of: string, known: number): Scope => ({
      of,
      device: deviceVariables.slice(0, known),
      vars,
      groups,
      link: 'none',
      attributes,
    });
    const symbols: SymbolUse[] = [];
    const strings: Partial<Record<StringName, JinjaTemplate>> = {};
    const compile = (name: StringName, source: SourceDocument, path: (string | number)[], within: Scope) => {
      const compiled = compileString(jinja, source, path, within);
      problems.push(...compiled.problems);
      symbols.push(...compiled.symbols);
      if (compiled.template) strings[name] = compiled.template;
    };

    const { message, provisioning } = pattern;
    const section = provisioning?.value.system;
    const messageScope: Scope = {
      ...scope('message templates of a campaign without provisioning:', deviceVariables.length),
      link: pattern.provisioned ? section && new Set(linkFields[section]) : 'none',
    };
    if (pattern.skip) return { draft: pattern, strings, system: undefined, symbols, messageScope };

    if (message) {
      // The default has no place in the file, and needs none.
      if (valueAt(message.source.value, ['to']) === undefined) {
        const { template } = jinja.compile(message.value.to, { file: draft.file, autoescape: false });
        if (template) strings.to = template;
        symbols.push(...(template?.symbols ?? []));
      } else compile('to', message.source, ['to'], scope('message.to', 0));
      compile('locale', message.source, ['locale'], scope('message.locale', 0));
    }
    for (const [index, name] of (['alias', 'username', 'password'] as const).entries())
      compile(name, draft.source, [...pattern.path, name], scope(name, index + 1));

    let system: PreparedSystem | undefined;
    if (provisioning) {
      const within = scope('provisioning', deviceVariables.length);
      if (!systems.has(provisioning.source)) {
        const prepared = prepareSystem(provisioning.value, {
          jinja,
          at: (key) => placeOf(provisioning.source, key),
        });
        problems.push(...prepared.problems);
        systems.set(provisioning.source, prepared.system);
      }
      system = systems.get(provisioning.source);
      for (const use of system?.symbols ?? []) {
        const place = { file: draft.file, line: use.line, column: use.column };
        const problem = symbolProblem(use, within, place);
        if (problem) problems.push(problem);
      }
      symbols.push(...(system?.symbols ?? []));
    }
    return { draft: pattern, strings, system, symbols, messageScope };
  });
  return { patterns, problems };
}

/** Checks what the messages use against the pattern that each is for. A group must be one of some pattern of that message. */
export function messageProblems(
  patterns: readonly CompiledPattern[],
  templates: ReadonlyMap<string, InspectedTemplate | undefined>,
): Problem[] {
  const problems: Problem[] = [];
  for (const [name, template] of templates) {
    const scopes = patterns
      .filter(({ draft }) => draft.message?.value.template === name)
      .map(({ messageScope }) => messageScope);
    for (const use of template?.symbols ?? []) {
      const place = { file: use.file, line: use.line, column: use.column };
      const found = scopes.map((scope) => symbolProblem(use, scope, place));
      // A shared template may ask `{% if match.vip %}` of a group that only one of its patterns has.
      const shared = use.name === 'match' && found.some((problem) => problem === undefined);
      const problem = shared ? undefined : found.find((each) => each !== undefined);
      if (problem) problems.push(problem);
    }
  }
  return problems;
}

/** Attributes in `match` that nobody knows: a misspelt one would match nobody, silently. */
function unknownConditions(
  source: SourceDocument,
  pattern: PatternDraft,
  attributes: ReadonlySet<string>,
): Problem[] {
  const match = valueAt(source.value, [...pattern.path, 'match']);
  if (!isMapping(match)) return [];
  return Object.keys(match)
    .filter((name) => !isAttribute(name, { attributes }))
    .map((name) => ({
      severity: 'error',
      code: 'ROLLCALL_ERR_UNKNOWN_VARIABLE',
      message: `There is no attribute "${name}".`,
      hint: attributeHint(name, { attributes }),
      ...source.locate([...pattern.path, 'match', name], 'key'),
    }));
}

function namedAttributes(source: SourceDocument): string[] {
  const named = valueAt(source.value, ['people', 'attributes']);
  return Array.isArray(named) ? named.filter((name) => typeof name === 'string') : [];
}

/** Where the text of a key begins: behind its quote, or on the first line of its block. */
function placeOf(source: SourceDocument, key: string) {
  return typeof valueAt(source.value, [key]) === 'string'
    ? source.locateWithin([key], 1, 1)
    : source.locate([key]);
}
