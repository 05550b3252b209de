import { z } from 'zod';
import { messageOf } from '../lib/errors.js';
import { type FieldContext, flag } from '../settings/fields.js';
import { compileMatcher, type Matcher } from './condition.js';

/** What one attribute must be for a pattern to match: any of the alternatives will do. */
export interface Condition {
  /** Lower case. */
  readonly attribute: string;
  readonly alternatives: readonly Matcher[];
}

const template = () => z.string().min(1);

const matchValue = () => z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

/** Globs and regular expressions compiled, in the order in which they are written. */
const conditions = () =>
  z.record(z.string().min(1), matchValue()).transform((written, context): readonly Condition[] => {
    const seen = new Set<string>();
    const compiled = Object.entries(written).map(([name, value]): Condition => {
      const attribute = name.toLowerCase();
      if (seen.has(attribute))
        context.addIssue({ code: 'custom', path: [name], message: 'this attribute is named twice' });
      seen.add(attribute);
      const alternatives = [value].flat().flatMap((text, index) => {
        try {
          return [compileMatcher(attribute, text)];
        } catch (error) {
          context.addIssue({
            code: 'custom',
            path: Array.isArray(value) ? [name, index] : [name],
            message: messageOf(error),
            params: { code: 'ROLLCALL_ERR_PATTERN' },
          });
          return [];
        }
      });
      return { attribute, alternatives };
    });
    if (compiled.length === 0)
      context.addIssue({
        code: 'custom',
        message: 'names no attribute',
        params: { hint: 'For everybody with an address, write mail: "*".' },
      });
    return compiled;
  });

/** One alias pattern. `provisioning` and `message` are merged over the campaign's and checked there. */
export const aliasPatternSchema = () =>
  z
    .strictObject({
      name: z.string().trim().min(1),
      match: conditions(),
      skip: flag().default(false),
      alias: template().optional(),
      username: template().optional(),
      password: template().optional(),
      provisioning: z.record(z.string(), z.unknown()).optional(),
      message: z.record(z.string(), z.unknown()).optional(),
    })
    .superRefine((pattern, context) => {
      if (pattern.alias !== undefined || pattern.skip) return;
      context.addIssue({
        code: 'custom',
        message: 'a pattern needs an alias',
        params: { code: 'ROLLCALL_ERR_MISSING_KEY', hint: 'Write alias: "…", or skip: true.' },
      });
    });

/** The `aliases:` section of a campaign: alias patterns, the first that matches wins. */
export const aliasesSchema = (_files: FieldContext) =>
  z
    .array(aliasPatternSchema())
    .min(1)
    .superRefine((patterns, context) => {
      patterns.forEach(({ name }, index) => {
        if (patterns.findIndex((other) => other.name === name) < index)
          context.addIssue({
            code: 'custom',
            path: [index, 'name'],
            message: `another pattern is named "${name}" already`,
          });
      });
    });
