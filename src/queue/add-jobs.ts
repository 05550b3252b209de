import type { IRedisTransaction, JobJson, RedisQueueBackend } from 'bullmq';
import { addDelayedJob } from 'bullmq/dist/esm/scripts/addDelayedJob-6.js';
import { addStandardJob } from 'bullmq/dist/esm/scripts/addStandardJob-9.js';
import type { Redis } from 'ioredis';
import { chunks } from '../lib/chunks.js';
import { RollcallError } from '../lib/errors.js';
import { createRedisScript, type ScriptArgument } from '../lib/redis-script.js';
import { WITHOUT_EVENTS } from './without-events.js';

/** So many a call: some three milliseconds of Redis's time, during which nobody else is served. */
const CHUNK = 125;

/**
 * Runs a script for one job after another. The keys are the queue's, for all the same; ARGV[1]: how many arguments each job has.
 * What the script asks of the queue's settings is asked once. It gives the job's id, or a number below zero where it refuses.
 */
const forEachJob = (script: string) => `${WITHOUT_EVENTS}
local asked = {}
local function askOnce(command, key, ...)
  if (command ~= 'HGET' and command ~= 'HMGET') or not string.match(key, ':meta$') then return call(command, key, ...) end
  local field = (...)
  if not asked[field] then asked[field] = call(command, key, ...) end
  return asked[field]
end
local redis = setmetatable({ call = askOnce }, { __index = server })
local function add(KEYS, ARGV)
${script}
end
local width = tonumber(ARGV[1])
for i = 2, #ARGV, width do
  local id = add(KEYS, { unpack(ARGV, i, i + width - 1) })
  if type(id) == 'number' then return server.error_reply('REFUSED BullMQ refuses a job: ' .. id) end
end
return 'OK'`;

const commands = [addStandardJob, addDelayedJob].map(({ name, keys, content }) => ({
  name,
  keys,
  script: createRedisScript(forEachJob(content)),
}));

/**
 * Adds jobs by BullMQ's own scripts, many of them in one call. `addBulk` makes a call of each job, with all the queue's keys
 * in it: three times the work here, and half as much again in Redis.
 * @throws ROLLCALL_ERR_INTERNAL where BullMQ adds a job in a way that is not known here.
 */
export async function addJobs(
  redis: Redis,
  backend: RedisQueueBackend,
  jobs: readonly JobJson[],
): Promise<void> {
  for (const [name, calls] of await callsOf(backend, jobs)) {
    const command = commands.find((one) => one.name === name);
    const [first] = calls;
    if (command === undefined || first === undefined)
      throw new RollcallError('ROLLCALL_ERR_INTERNAL', `BullMQ adds a job by ${name}.`);
    const keys = first.slice(0, command.keys).map(String);
    const width = first.length - keys.length;
    await Promise.all(
      [...chunks(calls, CHUNK)].map((chunk) =>
        command.script.run(redis, keys, [width, ...chunk.flatMap((call) => call.slice(keys.length))]),
      ),
    );
  }
}

/** What BullMQ would call, by the name of the script: for each call its keys and then its arguments. */
async function callsOf(
  backend: RedisQueueBackend,
  jobs: readonly JobJson[],
): Promise<ReadonlyMap<string, readonly ScriptArgument[][]>> {
  const calls = new Map<string, ScriptArgument[][]>();
  const transaction = {
    runCommand(versioned: string, args: ScriptArgument[]) {
      const name = versioned.slice(0, versioned.indexOf(':'));
      const known = calls.get(name);
      if (known === undefined) calls.set(name, [args]);
      else known.push(args);
      return transaction;
    },
  } as IRedisTransaction; // of which a job that is added uses nothing else
  await Promise.all(jobs.map((job) => backend.addJobToTransaction(transaction, job, job.id)));
  return calls;
}
