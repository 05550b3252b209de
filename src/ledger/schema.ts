import { z } from 'zod';
import { duration, type FieldContext, path } from '../settings/fields.js';

/** The section `keys`: the root key, and older ones that are read with and never written with. */
export const keysSchema = (files: FieldContext) =>
  z.strictObject({
    file: path(files).prefault('../.rollcall/rollcall.key'),
    previous: z.array(path(files)).default([]),
  });

/** The section `ledger`. */
export const ledgerSchema = () =>
  z.strictObject({
    /** How long rows are kept of people who have left the directory, in milliseconds. */
    keep: duration().prefault('400d'),
  });
