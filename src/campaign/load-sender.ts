import { z } from 'zod';
import type { Problem } from '../lib/errors.js';
import { senderSchema, smtpSchema } from '../mail/schema.js';
import type { Sender } from '../mail/sender.js';
import type { FieldContext } from '../settings/fields.js';
import { resolveReferences } from '../settings/references.js';
import { partOf, type SourceDocument } from '../settings/source.js';
import { validate } from '../settings/validate.js';
import type { Environment } from './load-settings.js';

/** Who mails come from, as `smtp:` says. */
export interface SenderSettings {
  readonly from: Sender;
  readonly replyTo?: Sender | undefined;
}

/** Shown where the settings have no `smtp:` at all, as those of a dry run may: a name that can never be real (RFC 2606). */
const NOBODY: SenderSettings = {
  from: { name: 'smtp.from is not set', address: 'sender@dry-run.invalid', domain: 'dry-run.invalid' },
};

/**
 * `from` and `replyTo` of `smtp:`, for whoever writes mails and sends none: references elsewhere in the section (its password)
 * need not resolve, and whatever is wrong with the section all the same is told.
 */
export async function readSender(
  document: SourceDocument,
  env: Environment,
  files: FieldContext,
): Promise<{ sender?: SenderSettings; problems: readonly Problem[] }> {
  const section = partOf(document, ['smtp']);
  if (section.value === undefined) return { sender: NOBODY, problems: [] };
  const resolved = await resolveReferences(section, { env, sections: ['from', 'replyTo'] });
  const { value } = validate(resolved.document, z.looseObject(senderSchema()));
  const whole = validate(resolved.document, smtpSchema(files));
  // Without an environment every reference that is left counts as one that could not be resolved.
  const unread = await resolveReferences(resolved.document, { env: {} });
  const problems = [
    ...resolved.problems,
    ...resolved.withoutConsequences(unread.withoutConsequences(whole.problems)),
  ];
  if (problems.length > 0 || value === undefined) return { problems };
  return { sender: { from: value.from, replyTo: value.replyTo }, problems };
}
