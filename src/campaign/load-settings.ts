import { dirname, resolve } from 'node:path';
import type { Problem } from '../lib/errors.js';
import { checkRecipient } from '../mail/recipients.js';
import { resolveReferences } from '../settings/references.js';
import type { SourceDocument } from '../settings/source.js';
import { validateSections } from '../settings/validate.js';
import { readYaml } from '../settings/yaml.js';
import { invalid } from './invalid.js';
import { readSender } from './load-sender.js';
import { plaintextProblems, tlsChecksOff } from './plaintext.js';
import {
  type AllSections,
  type SectionName,
  type Settings,
  type SettingsShape,
  settingsShape,
} from './settings-schema.js';

/** What a process was started with. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface ReadSettings {
  readonly file: string;
  /** Those sections of the ones asked for that are as they should be. */
  readonly values: Partial<AllSections>;
  readonly problems: readonly Problem[];
}

/**
 * The sections of the settings that a command uses, with what `${…}` names put in; the others are neither resolved nor
 * checked, so that a dry run needs no SMTP password.
 *
 * @throws ROLLCALL_ERR_INVALID with all problems of these sections.
 */
export async function loadSettings<Section extends SectionName>(
  file: string,
  sections: readonly Section[],
  env: Environment = process.env,
): Promise<Settings<Section>> {
  const read = await readSettings(file, sections, env);
  if (read.problems.length > 0) throw invalid(read.problems);
  return { file: read.file, ...read.values } as Settings<Section>; // without a problem each section asked for is there
}

/** {@link loadSettings} for whoever wants to look for further problems although there are some. */
export async function readSettings(
  path: string,
  sections: readonly SectionName[],
  env: Environment,
): Promise<ReadSettings> {
  const file = resolve(path);
  const { document, problems } = await readYaml(file);
  if (document === undefined)
    return { file, values: {}, problems: [...tlsChecksOff(env), ...problems.map(nameOther)] };
  const wanted = [...new Set<SectionName>([...sections, 'paths', 'allowPlaintext'])];
  const files = { dir: dirname(file) };
  const resolved = await resolveReferences(document, { env, sections: wanted });
  const checked = validateSections(resolved.document, settingsShape(files), wanted.filter(isOwnSection));
  const sent = wanted.includes('sender') ? await readSender(document, env, files) : { problems: [] };
  const values: Partial<AllSections> = { ...checked.values, ...(sent.sender && { sender: sent.sender }) };
  return {
    file,
    values,
    problems: [
      ...tlsChecksOff(env),
      ...resolved.problems,
      ...resolved.withoutConsequences(checked.problems),
      ...sent.problems,
      ...plaintextProblems(resolved.document, values),
      ...notifyProblems(resolved.document, values),
    ],
  };
}

/** A settings file that is not where it was looked for is mostly a command given in another folder. */
function nameOther(problem: Problem): Problem {
  if (problem.code !== 'ROLLCALL_ERR_FILE') return problem;
  return { ...problem, hint: 'Go to the folder that holds it, or name another with --config FILE.' };
}

const isOwnSection = (name: SectionName): name is keyof SettingsShape => name !== 'sender';

/** No message goes outside allowedDomains: not the digests either. */
function notifyProblems(source: SourceDocument, { notify, recipients }: Partial<AllSections>): Problem[] {
  if (!notify || !recipients) return [];
  return notify.to.flatMap((address, index): Problem[] => {
    const checked = checkRecipient(address, recipients);
    if (checked.ok) return [];
    const path = ['notify', 'to', index];
    return [
      {
        severity: 'error',
        code: 'ROLLCALL_ERR_VALUE',
        message: `notify.to[${index}]: ${checked.detail}.`,
        ...source.locate(path),
      },
    ];
  });
}
