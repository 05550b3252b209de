import { z } from 'zod';
import { directorySchema } from '../directory/schema.js';
import { redisSchema } from '../ledger/redis-schema.js';
import { keysSchema, ledgerSchema } from '../ledger/schema.js';
import { bouncesSchema, notifyAddress, recipientsSchema, smtpSchema } from '../mail/schema.js';
import { type FieldContext, flag, path } from '../settings/fields.js';
import type { SenderSettings } from './load-sender.js';

/** What a digest after a run can be about. */
const notifyEvents = ['refused', 'failed', 'uncertain', 'bounces', 'missed'] as const;

const pathsSchema = (files: FieldContext) =>
  z.strictObject({
    jobs: path(files).prefault('../jobs'),
    templates: path(files).prefault('../templates'),
    data: path(files).prefault('../.rollcall'),
  });

const notifySchema = () =>
  z.strictObject({
    to: z.array(notifyAddress()).min(1),
    on: z
      .array(z.enum(notifyEvents))
      .min(1)
      .default([...notifyEvents]),
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
