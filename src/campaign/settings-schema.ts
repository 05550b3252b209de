import { z } from 'zod';
import { directorySchema } from '../directory/schema.js';
import { parseAddress } from '../mail/address.js';
import { bouncesSchema, recipientsSchema, smtpSchema } from '../mail/schema.js';
import { duration, type FieldContext, flag, path } from '../settings/fields.js';
import type { SenderSettings } from './load-sender.js';
import { redisSchema } from './redis-schema.js';

/** What a digest after a run can be about. */
const notifyEvents = ['refused', 'failed', 'uncertain', 'bounces', 'missed'] as const;

const pathsSchema = (files: FieldContext) =>
  z.strictObject({
    jobs: path(files).prefault('../jobs'),
    templates: path(files).prefault('../templates'),
    data: path(files).prefault('../.rollcall'),
  });

const keysSchema = (files: FieldContext) =>
  z.strictObject({
    file: path(files).prefault('../.rollcall/rollcall.key'),
    /** Older root keys: read with, never written with. */
    previous: z.array(path(files)).default([]),
  });

const notifyAddress = () =>
  z.string().transform((text, context) => {
    const parsed = parseAddress(text.trim());
    if (typeof parsed !== 'string') return parsed.address;
    context.addIssue({ code: 'custom', message: `"${text}" is no address: ${parsed}` });
    return z.NEVER;
  });

const notifySchema = () =>
  z.strictObject({
    to: z.array(notifyAddress()).min(1),
    on: z
      .array(z.enum(notifyEvents))
      .min(1)
      .default([...notifyEvents]),
  });

const ledgerSchema = () =>
  z.strictObject({
    /** How long finished deliveries are kept: longer than a year, so that last year's can be compared. */
    keep: duration().prefault('400d'),
  });

/** The sections of `config/rollcall.yaml`. Each is checked by itself, and only where a command uses it. */
export const settingsShape = (files: FieldContext) => ({
  paths: pathsSchema(files).prefault({}),
  keys: keysSchema(files).prefault({}),
  directory: directorySchema(files),
  redis: redisSchema(files).prefault({}),
  smtp: smtpSchema(files),
  recipients: recipientsSchema(files),
  notify: notifySchema().optional(),
  bounces: bouncesSchema(files).prefault({}),
  ledger: ledgerSchema().prefault({}),
  allowPlaintext: flag().default(false),
});

export type SettingsShape = ReturnType<typeof settingsShape>;

/** `sender` is a part of `smtp`, for whoever writes mails and sends none. */
export type SectionName = keyof SettingsShape | 'sender';

/** Every section, after parsing: milliseconds, absolute paths, secrets wrapped. */
export type AllSections = {
  readonly [Section in keyof SettingsShape]: z.output<SettingsShape[Section]>;
} & { readonly sender: SenderSettings };

/** The settings of a file: the sections asked for, and the two that every command has. */
export type Settings<Section extends SectionName = SectionName> = {
  /** The file they were read from, absolute. */
  readonly file: string;
} & Pick<AllSections, Section | 'paths' | 'allowPlaintext'>;
