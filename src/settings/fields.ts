import { resolve } from 'node:path';
import { z } from 'zod';
import { Secret } from '../lib/secret.js';

/** What a section's schema must know of the file it is read from. */
export interface FieldContext {
  /** The directory of the file: relative paths are relative to it. */
  readonly dir: string;
}

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** "30s", "5m", "1h", "3d" → milliseconds. */
export const duration = () =>
  z.string().transform((text, context) => {
    const found = /^(\d+(?:\.\d+)?)\s*(ms|s|min|m|h|d)$/.exec(text.trim());
    const unit = UNITS[found?.[2] ?? ''];
    if (!found || unit === undefined) {
      context.addIssue({ code: 'custom', message: `"${text}" is no duration: write 30s, 5m, 1h or 3d` });
      return z.NEVER;
    }
    return Math.round(Number(found[1]) * unit);
  });

export interface Rate {
  readonly count: number;
  /** The length of the window, in milliseconds. */
  readonly perMs: number;
}

/** "50/s", "10/min", "1000/h" → so many in any window of that length. */
export const rate = () =>
  z.string().transform((text, context): Rate => {
    const found = /^(\d+)\s*\/\s*(s|m|min|h|d)$/.exec(text.trim());
    const perMs = UNITS[found?.[2] ?? ''];
    const count = Number(found?.[1]);
    if (!found || perMs === undefined || count < 1) {
      context.addIssue({ code: 'custom', message: `"${text}" is no rate: write 50/s, 10/min or 1000/h` });
      return z.NEVER;
    }
    return { count, perMs };
  });

/** "25%" → 0.25. */
export const percent = () =>
  z.string().transform((text, context) => {
    const found = /^(\d+(?:\.\d+)?)\s*%$/.exec(text.trim());
    if (!found) {
      context.addIssue({ code: 'custom', message: `"${text}" is no percentage: write 25%` });
      return z.NEVER;
    }
    return Number(found[1]) / 100;
  });

/** A whole number; also as text, since `${PORT}` is always text. */
export const integer = (min: number, max: number = Number.MAX_SAFE_INTEGER) =>
  z.preprocess(
    (value) => (typeof value === 'string' && /^-?\d+$/.test(value.trim()) ? Number(value) : value),
    z.int().min(min).max(max),
  );

/** true or false; also as text, since `${FLAG}` is always text. */
export const flag = () =>
  z.preprocess((value) => (value === 'true' ? true : value === 'false' ? false : value), z.boolean());

/** A password or the like, wrapped as early as can be. */
export const secret = () =>
  z
    .string()
    .min(1)
    .transform((text) => new Secret(text));

/** A path, made absolute against the file that names it. */
export const path = ({ dir }: FieldContext) =>
  z
    .string()
    .min(1)
    .transform((text) => resolve(dir, text));
