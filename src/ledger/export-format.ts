import { isUtf8 } from 'node:buffer';
import { z } from 'zod';
import { RollcallError } from '../lib/errors.js';

/*
 * NDJSON. The first line tells which ledger and key, the last one how many lines there are (itself too) and the SHA-256
 * of all before it, each with its line feed. Every line between is a part of one key of Redis. Payloads stay sealed.
 */

const header = z.strictObject({
  version: z.int(),
  /** Ledger, epoch and number of changes: the same for two exports of the same moment only. */
  source: z.string(),
  key: z.string(),
  epoch: z.int(),
  at: z.string(),
});
const end = z.strictObject({ lines: z.int(), sha256: z.string() });
const record = z.strictObject({
  k: z.string(),
  t: z.enum(['string', 'set', 'hash', 'zset', 'list']),
  /** For a list: how many of its elements came before. */
  at: z.int().optional(),
  v: z.array(z.string()).min(1).optional(),
  /** In place of `v` where the values are not text: Base64. */
  b: z.array(z.string()).min(1).optional(),
});

export type ExportHeader = z.infer<typeof header>;
export type ExportEnd = z.infer<typeof end>;

export interface ExportRecord {
  /** Without the ledger's prefix, so that an export can be imported under another. */
  readonly key: string;
  readonly type: z.infer<typeof record>['t'];
  readonly at: number;
  /** Hash: field, value, …; sorted set: score, member, …. */
  readonly values: readonly Buffer[];
}

export const headerLine = (value: ExportHeader): string => JSON.stringify({ ledger: value });
export const endLine = (value: ExportEnd): string => JSON.stringify({ end: value });

export function recordLine({ key, type, at, values }: ExportRecord): string {
  const isText = values.every((value) => isUtf8(value));
  return JSON.stringify({
    k: key,
    t: type,
    ...(type === 'list' && { at }),
    ...(isText
      ? { v: values.map((value) => value.toString('utf8')) }
      : { b: values.map((value) => value.toString('base64')) }),
  });
}

const line = z.union([
  z
    .strictObject({ ledger: header })
    .transform((value) => ({ kind: 'header' as const, header: value.ledger })),
  z.strictObject({ end }).transform((value) => ({ kind: 'end' as const, end: value.end })),
  record.transform(({ k, t, at = 0, v, b }) => ({
    kind: 'record' as const,
    record: {
      key: k,
      type: t,
      at,
      values: v?.map((text) => Buffer.from(text)) ?? b?.map((text) => Buffer.from(text, 'base64')) ?? [],
    },
  })),
]);

/** @throws ROLLCALL_ERR_LEDGER_IMPORT for a line that is none of an export. */
export function parseLine(text: string, number: number): z.infer<typeof line> {
  try {
    return line.parse(JSON.parse(text));
  } catch (error) {
    throw new RollcallError('ROLLCALL_ERR_LEDGER_IMPORT', `Line ${number} is no line of an export.`, {
      cause: error,
    });
  }
}
