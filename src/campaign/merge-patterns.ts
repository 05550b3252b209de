import type { z } from 'zod';
import type { Problem } from '../lib/errors.js';
import { aliasPatternSchema } from '../matching/schema.js';
import { provisioningSchema } from '../provisioning/schema.js';
import type { FieldContext } from '../settings/fields.js';
import { mergeSources, partOf, type SourceDocument, valueAt } from '../settings/source.js';
import { validate } from '../settings/validate.js';
import type { Merged, PatternDraft } from './campaign.js';
import { messageSchema } from './campaign-schema.js';

/**
 * Gives each alias pattern its `provisioning` and `message`: its own keys over the campaign's, checked as a whole. A pattern
 * for another system starts from nothing, since that system's keys are others.
 *
 * What is wrong with the patterns themselves is not told here; what can be read of them is in the drafts all the same.
 */
export function mergePatterns(
  source: SourceDocument,
  files: FieldContext,
): { patterns: readonly PatternDraft[]; problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const patternSchema = aliasPatternSchema();
  const message = messageSchema();
  const provisioning = provisioningSchema(files);
  const baseMessage = partOf(source, ['message']);
  const baseProvisioning = partOf(source, ['provisioning']);

  // Patterns that override nothing share one section, and its problems.
  const shared = new Map<SourceDocument, Merged<unknown> | undefined>();
  const checked = <S extends z.ZodType>(part: SourceDocument, schema: S): Merged<z.output<S>> | undefined => {
    if (!shared.has(part)) {
      const { value, problems: wrong } = validate(part, schema);
      problems.push(...wrong);
      shared.set(part, wrong.length > 0 ? undefined : { value, source: part });
    }
    return shared.get(part) as Merged<z.output<S>> | undefined; // put there for this part, which has this schema alone
  };

  const written = valueAt(source.value, ['aliases']);
  const patterns = (Array.isArray(written) ? written : []).map((raw: unknown, index): PatternDraft => {
    const path = ['aliases', index];
    const parsed = patternSchema.safeParse(raw).data;
    const own = {
      path,
      name: parsed?.name ?? textAt(raw, 'name'),
      match: parsed?.match,
      skip: parsed?.skip ?? valueAt(raw, ['skip']) === true,
      alias: textAt(raw, 'alias'),
      username: textAt(raw, 'username'),
      password: textAt(raw, 'password'),
    };
    if (own.skip) return { ...own, provisioned: false };
    const ownMessage = partOf(source, [...path, 'message']);
    const messagePart = ownMessage.value === undefined ? baseMessage : mergeSources(baseMessage, ownMessage);
    const system = mergedProvisioning(baseProvisioning, partOf(source, [...path, 'provisioning']));
    return {
      ...own,
      message: checked(messagePart, message),
      provisioned: system.value !== undefined,
      provisioning: system.value === undefined ? undefined : checked(system, provisioning),
    };
  });

  // Every pattern may bring its own, or skip: what the campaign says is checked even then.
  if (baseProvisioning.value !== undefined) checked(baseProvisioning, provisioning);
  if (baseMessage.value !== undefined && !shared.has(baseMessage))
    problems.push(...validate(baseMessage, message.partial()).problems);
  return { patterns, problems };
}

function mergedProvisioning(base: SourceDocument, own: SourceDocument): SourceDocument {
  if (own.value === undefined) return base;
  const system = valueAt(own.value, ['system']);
  if (system !== undefined && system !== valueAt(base.value, ['system'])) return own;
  return mergeSources(base, own);
}

function textAt(value: unknown, key: string): string | undefined {
  const text = valueAt(value, [key]);
  return typeof text === 'string' ? text : undefined;
}
