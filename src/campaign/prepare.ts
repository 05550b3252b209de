import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createJinja } from '../jinja/jinja.js';
import type { HostValue, SymbolUse } from '../jinja/types.js';
import type { Clock } from '../lib/clock.js';
import { type Problem, RollcallError } from '../lib/errors.js';
import type { Keyring } from '../lib/keyring.js';
import type { Secret } from '../lib/secret.js';
import type { Assignment } from '../model/assignment.js';
import type { Person } from '../model/person.js';
import { createQrCodes } from '../provisioning/qr.js';
import { readText } from '../settings/read-text.js';
import type { MessageTemplate } from '../templates/message-template.js';
import { createMjmlCache } from '../templates/mjml-cache.js';
import { type AssignOptions, type AssignResult, createAssign, type ReadyPattern } from './assign.js';
import type { Campaign } from './campaign.js';
import type { CompiledPattern } from './compile-patterns.js';
import { planContext } from './context.js';
import { campaignDigest } from './digest.js';
import { compileMessages, examineCampaign } from './examine.js';
import { refuseErrors } from './invalid.js';
import { optionalValue } from './optional-value.js';
import { freeze, linkWithout, thaw } from './payload.js';
import { linkOf, type PreparedLink, type RenderedMail, renderMail } from './render.js';
import type { Settings } from './settings-schema.js';
import { wordingOfSource } from './unfinished.js';

/** A campaign made ready: everything compiled, so that a person costs some microseconds. */
export interface PreparedCampaign {
  readonly campaign: Campaign;
  /** Which attributes its templates and patterns use, in lower case and alphabetical order. */
  readonly ldapAttributes: readonly string[];
  /** A keyed hash, in hex, of all that decides an assignment, and of no wording. */
  readonly digest: string;
  /** Warnings: what keeps nobody from being written to. */
  readonly warnings: readonly Problem[];
  /** What becomes of one person. */
  assign(person: Person, options?: AssignOptions): AssignResult;
  /** The text that a revision is a hash of: final recipient, alias and link data, but no wording. Holds secrets. */
  revisionOf(assignment: Assignment): string;
  /** An assignment as text for the ledger to seal. */
  freeze(assignment: Assignment): Secret;
  thaw(payload: Secret): Assignment;
  link(assignment: Assignment): PreparedLink;
  /**
   * The mail of an assignment.
   * @throws ROLLCALL_ERR_UNDEFINED_VARIABLE and others of the template language, ROLLCALL_ERR_UNFINISHED_TEXT,
   *   ROLLCALL_ERR_QR_TOO_LONG: this one person cannot be written to.
   */
  render(assignment: Assignment): Promise<RenderedMail>;
}

export interface PrepareOptions {
  readonly campaign: Campaign;
  readonly settings: Settings<'recipients'>;
  readonly keyring: Keyring;
  readonly clock: Clock;
}

/**
 * Compiles a campaign with its templates.
 * @throws ROLLCALL_ERR_INVALID with all problems of the campaign's strings and of its templates.
 */
export async function prepareCampaign(options: PrepareOptions): Promise<PreparedCampaign> {
  const { campaign, settings, keyring, clock } = options;
  const jinja = createJinja({ keyring, clock });
  const examined = await examineCampaign({ draft: campaign, templates: settings.paths.templates, jinja });
  refuseErrors(examined.problems);
  const compiled = await compileMessages(examined.inspected, {
    dir: settings.paths.templates,
    jinja,
    cache: createMjmlCache(join(settings.paths.data, 'cache')),
  });
  const problems = [...examined.problems, ...compiled.problems];
  refuseErrors(problems);

  const patterns = examined.patterns.map((pattern) => readyPattern(pattern, compiled.templates));
  const byName = new Map(patterns.map((pattern) => [pattern.name, pattern]));
  const constants: Readonly<Record<string, HostValue>> = {
    campaign: { name: campaign.name },
    vars: campaign.vars,
  };
  const attributes = new Set(
    patterns.flatMap(({ match, plan, messagePlan }) => [
      ...match.map(({ attribute }) => attribute),
      ...plan.attributes,
      ...messagePlan.attributes,
    ]),
  );
  const { recipients } = settings;
  const renderContext = {
    constants,
    qrCodes: createQrCodes(),
    wordingOf: createWordings(settings.paths.templates),
  };
  const patternOf = ({ pattern }: Assignment): ReadyPattern => {
    const found = byName.get(pattern);
    if (found !== undefined) return found;
    throw new RollcallError(
      'ROLLCALL_ERR_PATTERN_GONE',
      `The campaign ${campaign.name} has no pattern "${pattern}" any more.`,
    );
  };

  return {
    campaign,
    ldapAttributes: [...attributes].sort(),
    digest: campaignDigest(campaign.source, recipients, keyring),
    warnings: problems,
    assign: createAssign({
      patterns,
      includeDisabled: campaign.people.includeDisabled,
      recipients,
      constants,
    }),
    revisionOf(assignment) {
      const wording = byName.get(assignment.pattern)?.system?.wording ?? new Set();
      const [to, alias] = [recipients.redirectAllTo ?? assignment.to, assignment.alias].map((text) =>
        JSON.stringify(text),
      );
      return `[${to},${alias},${linkWithout(assignment, wording)}]`;
    },
    freeze,
    thaw,
    link: (assignment) => linkOf(assignment, patternOf(assignment)),
    render: async (assignment) => {
      const pattern = patternOf(assignment);
      return renderMail(assignment, pattern, linkOf(assignment, pattern), renderContext);
    },
  };
}

function readyPattern(
  { draft, strings, system, symbols }: CompiledPattern,
  templates: ReadonlyMap<string, MessageTemplate>,
): ReadyPattern {
  const template = draft.message && templates.get(draft.message.value.template);
  const messageSymbols: readonly SymbolUse[] = template?.symbols ?? [];
  return {
    name: draft.name ?? '',
    match: draft.match ?? [],
    skip: draft.skip,
    to: optionalValue(strings.to, draft.message?.value.to),
    locale: optionalValue(strings.locale, draft.message?.value.locale),
    alias: strings.alias,
    username: strings.username,
    password: strings.password,
    system,
    template,
    plan: planContext(symbols),
    messagePlan: planContext(messageSymbols),
  };
}

/** Reads what templates say by themselves, each once, and only where a mail looks unfinished. */
function createWordings(dir: string): (template: string) => Promise<string> {
  const read = new Map<string, Promise<string>>();
  return (template) => {
    const known = read.get(template) ?? readWording(join(dir, template));
    read.set(template, known);
    return known;
  };
}

async function readWording(folder: string): Promise<string> {
  const files = (await readdir(folder)).filter((file) => /\.(?:mjml|html|txt)$/i.test(file));
  const texts = await Promise.all(files.map((file) => readText(join(folder, file))));
  return texts.map(wordingOfSource).join('\n');
}
