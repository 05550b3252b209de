import type { Redis } from 'ioredis';
import { messageOf, RollcallError } from './errors.js';

/**
 * Refuses a Redis that could forget or double a delivery. Asks INFO alone: managed Redis forbids CONFIG.
 * @throws ROLLCALL_ERR_REDIS_UNFIT naming everything that is wrong at once, or ROLLCALL_ERR_REDIS_UNREACHABLE.
 */
export async function checkRedis(redis: Redis, where: string, allowNoAof: boolean): Promise<void> {
  const info = await redis.info().catch((error: unknown) => {
    throw new RollcallError(
      'ROLLCALL_ERR_REDIS_UNREACHABLE',
      `Redis at ${where} refuses: ${messageOf(error)}.`,
      {
        cause: error,
      },
    );
  });
  const wrong = unmetRequirements(info, allowNoAof);
  if (wrong.length > 0)
    throw new RollcallError(
      'ROLLCALL_ERR_REDIS_UNFIT',
      `Redis at ${where} cannot be used: ${wrong.join('; ')}.`,
      {
        facts: { requirements: wrong.length },
      },
    );
}

/** What of Redis's INFO is not as the ledger needs it, each in words. Valkey states a redis_version too. */
export function unmetRequirements(info: string, allowNoAof: boolean): string[] {
  const fields = new Map(
    info
      .split(/\r?\n/)
      .filter((line) => line.includes(':'))
      .map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );
  const wrong: string[] = [];
  const version = fields.get('redis_version') ?? '';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < 6 || (major === 6 && minor < 2))
    wrong.push(`its version is ${version || 'unknown'}, 6.2 is needed`);
  if (fields.get('cluster_enabled') === '1') wrong.push('it is a cluster');
  if (fields.get('role') !== 'master')
    wrong.push(`it is no master but a ${fields.get('role') ?? 'thing unknown'}`);
  const policy = fields.get('maxmemory_policy') ?? 'not stated';
  if (policy !== 'noeviction') wrong.push(`its maxmemory-policy is ${policy}, noeviction is needed`);
  if (fields.get('aof_enabled') !== '1' && !allowNoAof)
    wrong.push('it has no append-only file (appendonly yes), so that a crash would lose what was sent');
  return wrong;
}
