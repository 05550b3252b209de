import { z } from 'zod';
import type { KeySettings } from '../lib/keyring.js';
import type { RedisSettings, RedisTarget } from '../lib/redis.js';
import { Secret } from '../lib/secret.js';
import { duration, type FieldContext, flag, path } from '../settings/fields.js';

const DEFAULT_PORT = 6379;

/** "local", redis://, rediss:// (TLS) or unix:///path; user, password and database as in any URL. */
const redisUrl = () =>
  z.string().transform((text, context): RedisTarget => {
    if (text === 'local') return { kind: 'local' };
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const db = Number(
      url?.searchParams.get('db') ?? (url?.protocol === 'unix:' ? 0 : url?.pathname.slice(1) || 0),
    );
    const isKnown = url && ['redis:', 'rediss:', 'unix:'].includes(url.protocol);
    if (!isKnown || !Number.isInteger(db) || db < 0 || (url.protocol !== 'unix:' && url.hostname === '')) {
      // The text is not repeated: it may hold a password.
      context.addIssue({
        code: 'custom',
        message:
          'This is no address of a Redis: write local, redis://host, rediss://host or unix:///path/to/socket',
      });
      return z.NEVER;
    }
    if (url.protocol === 'unix:') return { kind: 'socket', path: decodeURIComponent(url.pathname), db };
    return {
      kind: 'tcp',
      host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: Number(url.port || DEFAULT_PORT),
      tls: url.protocol === 'rediss:',
      db,
      username: decodeURIComponent(url.username) || undefined,
      password: url.password === '' ? undefined : new Secret(decodeURIComponent(url.password)),
    };
  });

/** The section `redis`. */
export const redisSchema = (context: FieldContext) =>
  z.strictObject({
    url: redisUrl().default({ kind: 'local' }),
    prefix: z
      .string()
      .regex(/^[A-Za-z0-9_.-]{1,64}$/, 'a prefix has letters, digits, dots, hyphens and underscores')
      .default('rollcall'),
    caFile: path(context).optional(),
    serverName: z.string().min(1).optional(),
    allowNoAof: flag().default(false),
  }) satisfies z.ZodType<RedisSettings>;

/** The section `keys`. */
export const keysSchema = (context: FieldContext) =>
  z.strictObject({
    file: path(context),
    previous: z.array(path(context)).default([]),
  }) satisfies z.ZodType<KeySettings>;

const KEEP_MS = 400 * 86_400_000;

/** The section `ledger`: how long rows are kept of people who have left the directory. */
export const ledgerSchema = () =>
  z.strictObject({
    keep: duration().default(KEEP_MS),
  });

export type LedgerSettings = z.infer<ReturnType<typeof ledgerSchema>>;
