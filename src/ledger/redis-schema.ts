import { z } from 'zod';
import type { RedisTarget } from '../lib/redis.js';
import { Secret } from '../lib/secret.js';
import { type FieldContext, flag, path } from '../settings/fields.js';

const EXAMPLES = 'write local, redis://host:6379/0, rediss://host:6379 or unix:///run/redis.sock';

const redisUrl = () =>
  z.string().transform((text, context): RedisTarget => {
    const target = parseTarget(text.trim());
    if (typeof target === 'object') return target;
    // The URL may hold a password, so it is not in the message.
    context.addIssue({ code: 'custom', message: `${target}: ${EXAMPLES}` });
    return z.NEVER;
  });

/** The target, or what is wrong with the text. */
function parseTarget(text: string): RedisTarget | string {
  if (text === 'local') return { kind: 'local' };
  if (!URL.canParse(text)) return 'this is no address of a Redis';
  const url = new URL(text);
  if (url.protocol === 'unix:') {
    const db = databaseOf(url.searchParams.get('db') ?? '');
    if (db === undefined) return 'the number of the database is no number';
    return url.pathname === ''
      ? 'the path of the socket is missing'
      : { kind: 'socket', path: decodeURIComponent(url.pathname), db };
  }
  if (url.protocol !== 'redis:' && url.protocol !== 'rediss:') return 'this is no address of a Redis';
  if (url.hostname === '') return 'the host is missing';
  const db = databaseOf(url.pathname.slice(1));
  if (db === undefined) return 'the number of the database is no number';
  return {
    kind: 'tcp',
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? 6379 : Number(url.port),
    tls: url.protocol === 'rediss:',
    db,
    username: url.username === '' ? undefined : decodeURIComponent(url.username),
    password: url.password === '' ? undefined : new Secret(decodeURIComponent(url.password)),
  };
}

function databaseOf(text: string): number | undefined {
  if (text === '') return 0;
  return /^\d{1,5}$/.test(text) ? Number(text) : undefined;
}

/** The `redis:` section of the settings. */
export const redisSchema = (files: FieldContext) =>
  z.strictObject({
    url: redisUrl().prefault('local'),
    prefix: z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,50}$/, 'a prefix is letters, digits, ".", "_" and "-"')
      .default('rollcall'),
    caFile: path(files).optional(),
    serverName: z.string().min(1).optional(),
    allowNoAof: flag().default(false),
  });
