import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { messageOf, RollcallError } from '../lib/errors.js';
import { createRedisScript, type Reply, type ScriptArgument } from '../lib/redis-script.js';

const scriptNames = [
  'attach',
  'begin',
  'begin-body',
  'cancel',
  'claim',
  'drop-run',
  'forget',
  'found',
  'known',
  'lock',
  'missed',
  'pass-over',
  'pause',
  'plan',
  'record',
  'release-lock',
  'remember',
  'renew',
  'renew-lock',
  'report',
  'reseal',
  'resume',
  'seal',
  'suppress',
  'sweep',
  'unpark',
  'unsuppress',
] as const;

/** Steps at which many deliveries are at a time, so that they take them together. */
const stepNames = ['claim', 'record'] as const;

export type StepName = (typeof stepNames)[number];
export type ScriptName = Exclude<(typeof scriptNames)[number], StepName>;

/** Runs the ledger's scripts. Each is one file of scripts/, one transition, atomic in Redis. */
export interface Scripts {
  /** @throws RollcallError for everything that a script or Redis refuses. */
  run(name: ScriptName, args: readonly ScriptArgument[]): Promise<unknown>;
  /** Takes a step with each of some deliveries, one after another and nothing in between. Strings are given as Buffers. */
  take(name: StepName, ledger: string, each: readonly (readonly ScriptArgument[])[]): Promise<unknown>;
}

/** @param root what all the ledger's keys begin with: each script's only declared key. */
export function createScripts(redis: Redis, root: string): Scripts {
  const common = read('_ledger');
  const scripts = new Map(scriptNames.map((name) => [name, createRedisScript(textOf(name, common))]));

  const call = async (
    name: ScriptName | StepName,
    args: readonly ScriptArgument[],
    as: Reply,
  ): Promise<unknown> => {
    const script = scripts.get(name);
    if (!script) throw new RollcallError('ROLLCALL_ERR_INTERNAL', `There is no script ${name}.`);
    try {
      return await script.run(redis, [root], args, as);
    } catch (error) {
      throw asLedgerError(error);
    }
  };
  return {
    run: (name, args) => call(name, args, 'text'),
    take: (name, ledger, each) => call(name, [ledger, each[0]?.length ?? 0, ...each.flat()], 'bytes'),
  };
}

const read = (file: string): string =>
  readFileSync(new URL(`./scripts/${file}.lua`, import.meta.url), 'utf8');

/** attach.lua runs before the ledger's id is known; all others begin with what they have in common. */
function textOf(name: ScriptName | StepName, common: string): string {
  if (name === 'attach') return read(name);
  const isStep = stepNames.some((step) => step === name);
  return `${common}\n${counting(isStep ? forEach(read(name)) : read(name))}`;
}

/**
 * A script that, whether it ends well or not, writes what it has counted. What ended it is given as an error that begins with
 * its code, as Redis gives it: raised once more it would begin with ERR. Redis 6 tells the place first: "@user_script: 9: -OOM …".
 */
const counting = (script: string) => `local function script()
${script}
end
local ended, result = pcall(script)
writeCounts()
if ended then return result end
local text = type(result) == 'table' and result.err or tostring(result)
return redis.error_reply(string.match(text, '%-(%u+ .*)$') or text)`;

/** A step as a function of its own ARGV, called for one delivery after another. ARGV[2]: how many arguments each has. */
const forEach = (step: string) => `local function step(ARGV)
${step}
end
local results, width = {}, tonumber(ARGV[2])
for i = 3, #ARGV, width do results[#results + 1] = step({ ARGV[1], unpack(ARGV, i, i + width - 1) }) end
return results`;

/** What Redis or a script said no to, as an error of the table. Everything not known here is a fault of Rollcall. */
export function asLedgerError(error: unknown): RollcallError {
  if (error instanceof RollcallError) return error;
  const message = messageOf(error);
  // Redis 6 puts what went wrong within a script behind a prefix: "ERR Error running script …: @user_script:1: -OOM …".
  const word =
    /^ERR Error running script .*?: -([A-Z]+) /.exec(message)?.[1] ?? message.split(' ', 1)[0] ?? '';
  const text = message.slice(word.length + 1);
  switch (word) {
    case 'LEDGERGONE':
      return new RollcallError(
        'ROLLCALL_ERR_LEDGER_BEHIND',
        'The ledger is no longer in Redis: it was flushed or replaced while Rollcall ran.',
        { cause: error },
      );
    case 'LOCKLOST':
      return new RollcallError('ROLLCALL_ERR_LOCK_LOST', 'The planning of the campaign was taken over.', {
        cause: error,
      });
    case 'RUNCLOSED':
      return new RollcallError('ROLLCALL_ERR_RUN_CLOSED', `The run takes no more deliveries: ${text}.`, {
        cause: error,
      });
    case 'SUMS':
      return new RollcallError('ROLLCALL_ERR_LEDGER_SUMS', `The run does not add up: ${text}.`, {
        cause: error,
      });
    case 'OOM':
    case 'READONLY':
    case 'MISCONF':
    case 'NOREPLICAS':
    case 'MASTERDOWN':
      return new RollcallError('ROLLCALL_ERR_REDIS_REFUSED', `Redis does not write: ${message}.`, {
        cause: error,
      });
    // It is there, and will answer soon: it reads its file, or a script of somebody else's holds it up.
    case 'LOADING':
    case 'BUSY':
      return new RollcallError('ROLLCALL_ERR_REDIS_UNREACHABLE', `Redis does not answer yet: ${message}.`, {
        cause: error,
      });
    default:
      return isReply(error)
        ? new RollcallError('ROLLCALL_ERR_INTERNAL', `Redis answered: ${message}`, { cause: error })
        : new RollcallError('ROLLCALL_ERR_REDIS_UNREACHABLE', `Redis does not answer: ${message}.`, {
            cause: error,
          });
  }
}

function isReply(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}
