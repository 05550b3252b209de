import { z } from 'zod';
import { peopleSchema } from '../directory/schema.js';
import { aliasesSchema } from '../matching/schema.js';
import { duration, type FieldContext, integer, percent } from '../settings/fields.js';
import { scheduleSchema, windowSchema } from './schedule-schema.js';

/** A campaign's name is part of Redis keys and job ids, where a colon separates, and of file names. */
const campaignName = () =>
  z
    .string()
    .max(100)
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
      'a name is letters, digits, ".", "_" and "-", and begins with a letter or digit',
    );

const variableName = () =>
  z.string().regex(/^[A-Za-z_]\w*$/, 'a variable is letters, digits and "_", and begins with a letter');

/** A constant for templates: text, number, truth value, or lists and mappings of these. */
const constant = (): z.ZodType<Constant> =>
  z.lazy(() =>
    z.union([
      z.string(),
      z.number(),
      z.boolean(),
      z.null(),
      z.array(constant()),
      z.record(z.string(), constant()),
    ]),
  );

/** A value of `vars:`. */
export type Constant =
  | string
  | number
  | boolean
  | null
  | readonly Constant[]
  | { readonly [name: string]: Constant };

/** `message:`, for one alias pattern after merging. */
export const messageSchema = () =>
  z.strictObject({
    to: z.string().min(1).default('{{ mail }}'),
    template: z
      .string()
      .min(1)
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'a template is the name of a folder in paths.templates'),
    locale: z.string().min(1).optional(),
  });

export type MessageSection = z.output<ReturnType<typeof messageSchema>>;

const limitsSchema = () =>
  z.strictObject({
    maxRecipients: integer(1).default(5000),
    minPeople: integer(0).default(1),
    maxIncrease: percent().prefault('25%'),
    maxDecrease: percent().prefault('10%'),
    maxFailed: percent().prefault('5%'),
  });

/**
 * The keys of a campaign file. `provisioning` and `message` are only known to be mappings here: what counts is what each alias
 * pattern makes of them, see {@link messageSchema} and the provisioning room's schema.
 */
export const campaignShape = (files: FieldContext) => ({
  name: campaignName(),
  schedule: scheduleSchema().optional(),
  people: peopleSchema(files),
  vars: z.record(variableName(), constant()).default({}),
  aliases: aliasesSchema(files),
  provisioning: z.record(z.string(), z.unknown()).optional(),
  message: z.record(z.string(), z.unknown()).optional(),
  repeat: z.enum(['onChange', 'never']).default('onChange'),
  uncertain: z.enum(['hold', 'resend']).default('hold'),
  expiresAfter: duration().prefault('3d'),
  limits: limitsSchema().prefault({}),
  canary: integer(1).optional(),
  window: windowSchema().optional(),
});
