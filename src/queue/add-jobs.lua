-- Adds jobs that wait to a queue of BullMQ's, as its addStandardJob-9.lua adds one that has no parent, priority or deduplication.
-- KEYS: wait, marker, id, and what a job's key begins with. ARGV: LPUSH or RPUSH, name, options, time stamp, then for each job id and data.
local wait, marker, counter, prefix = unpack(KEYS)
local push, name, opts, timestamp = unpack(ARGV, 1, 4)
local added = {}
for i = 5, #ARGV, 2 do
  local id, data = ARGV[i], ARGV[i + 1]
  if redis.call('EXISTS', prefix .. id) == 0 then
    redis.call('HSET', prefix .. id, 'name', name, 'data', data, 'opts', opts, 'timestamp', timestamp, 'delay', '0', 'priority', '0')
    added[#added + 1] = id
  end
end
if #added > 0 then
  redis.call(push, wait, unpack(added))
  redis.call('ZADD', marker, '0', '0')
  redis.call('INCRBY', counter, #added)
end
return #added
