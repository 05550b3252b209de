import type { Redis } from 'ioredis';

/** In front of a script of BullMQ's: what it would write to the stream of events is left out. */
const WITHOUT_EVENTS = `local server = redis
local function call(command, ...)
  if command == 'XADD' or command == 'XTRIM' then return nil end
  return server.call(command, ...)
end
local redis = setmetatable({ call = call }, { __index = server })`;

const quiet = new WeakSet<Redis>();

/**
 * BullMQ writes each change of each job to a stream, for listeners that Rollcall has none of: a twentieth of Redis's time while
 * mails go out. There is no setting for it, but BullMQ defines its scripts on the connection that it is given; on this one they
 * are defined without.
 */
export function withoutEvents(redis: Redis): Redis {
  if (quiet.has(redis)) return redis;
  quiet.add(redis);
  const define = redis.defineCommand.bind(redis);
  redis.defineCommand = (name, definition) =>
    define(name, { ...definition, lua: `${WITHOUT_EVENTS}\n${definition.lua}` });
  return redis;
}
