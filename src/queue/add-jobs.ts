import type { IRedisTransaction, JobJson, RedisQueueBackend } from 'bullmq';
import { addDelayedJob } from 'bullmq/dist/esm/scripts/addDelayedJob-6.js';
import { addStandardJob } from 'bullmq/dist/esm/scripts/addStandardJob-9.js';
import type { Redis } from 'ioredis';
import { chunks } from '../lib/chunks.js';
import { RollcallError } from '../lib/errors.js';
import { createRedisScript, type ScriptArgument } from '../lib/redis-script.js';

/** So many a call: some five milliseconds of Redis's time, during which nobody else is served. */
const CHUNK = 125;

/**
 * Runs a script for one job after another. The keys are the queue's, for all the same; ARGV[1]: how many arguments each job has.
 * What the script asks of the queue's settings is asked once, and the stream of events, which nobody here reads, is not
 * written: together a fourth of the work. A script gives the job's id, or a number below zero where it refuses.
 */
const forEachJob = (script: string) => `local server, settings, asked, events = redis, nil, {}, nil
for _, key in ipairs(KEYS) do
  if string.match(key, ':meta$') then settings = key end
  if string.match(key, ':events$') then events = key end
end
local function call(command, key, ...)
  if command == 'XADD' and key == events then return nil end
  if key ~= settings or (command ~= 'HGET' and command ~= 'HMGET') then return server.call(command, key, ...) end
  local field = (...)
  if not asked[field] then asked[field] = server.call(command, key, ...) end
  return asked[field]
end
local redis = setmetatable({ call = call }, { __index = server })
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
 * in it: three times the work here, and a third more in Redis.
 * @throws ROLLCALL_ERR_INTERNAL where BullMQ adds a job in a way that is not known here.
 */
export async function addJobs(
  redis: Redis,
  backend: RedisQueueBackend,
  jobs: readonly JobJson[],
): Promise<void> {
  for (const [name, calls] of callsOf(backend, jobs)) {
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
function callsOf(backend: RedisQueueBackend, jobs: readonly JobJson[]): Map<string, ScriptArgument[][]> {
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
  // Nothing here waits: what it takes down is there when it returns.
  for (const job of jobs) void backend.addJobToTransaction(transaction, job, job.id);
  return calls;
}
