import { z } from 'zod';
import type { FieldContext } from '../settings/fields.js';
import { customSchema } from './custom.js';
import { infinityOneSchema } from './infinityone.js';
import { jitsiSchema } from './jitsi.js';
import { pexipSchema } from './pexip.js';
import { sametimeSchema } from './sametime.js';

/**
 * `provisioning:` of a campaign. An alias pattern's own `provisioning:` is merged over it key by key as it was
 * read, and the result is validated by this schema once more.
 */
export const provisioningSchema = (context: FieldContext) =>
  z.discriminatedUnion('system', [
    pexipSchema(context),
    sametimeSchema(context),
    jitsiSchema(context),
    infinityOneSchema(context),
    customSchema(context),
  ]);

export type ProvisioningSection = z.output<ReturnType<typeof provisioningSchema>>;
