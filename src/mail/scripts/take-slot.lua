-- Takes one slot from every limit at once, or none (a leaky bucket that holds one: GCRA with burst 1).
-- KEYS    one hash a limit: "next" is when its next slot begins, "line" when the last refused asker was told to come
-- ARGV[1] how far ahead a slot may be taken, in microseconds
-- ARGV[2] how many of the first KEYS hold for everybody: one of these may be waited for with a slot in hand, and whoever
--         is refused by it waits where he is. Waiting so for another would waste their slots, and hold others up.
-- ARGV[3…] microseconds between two slots, one a key
-- Returns {1, wait} when taken: send after `wait`; {0, wait, stay} when not: ask again after `wait`, where `stay` is 1
-- without doing anything else meanwhile. Microseconds.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local ahead = tonumber(ARGV[1])
local everybody = tonumber(ARGV[2])

local slot = now
local slowest = 0
for i, key in ipairs(KEYS) do
  local interval = tonumber(ARGV[i + 2])
  local nextSlot = tonumber(redis.call('HGET', key, 'next') or '0')
  -- further away than a slot can be: the clock has been set back
  if nextSlot > now + ahead + interval then
    nextSlot = now + interval
  end
  if nextSlot > slot then
    slot = nextSlot
    slowest = i
  end
end

if slot == now or (slot - now <= ahead and slowest <= everybody) then
  for i, key in ipairs(KEYS) do
    local interval = tonumber(ARGV[i + 2])
    redis.call('HSET', key, 'next', string.format('%.0f', slot + interval))
    redis.call('PEXPIRE', key, math.ceil((ahead + interval) / 1000) + 60000)
  end
  return {1, slot - now}
end

local key = KEYS[slowest]
local interval = tonumber(ARGV[slowest + 2])
-- Whoever comes in his turn but a little early is not sent to the end of the line.
local early = math.min(250000, interval / 10)
if slowest <= everybody or slot - now <= early then
  return {0, slot - now, 1}
end

-- Those refused are told to come one after the other, not all at once; a place in this line promises nothing.
local line = tonumber(redis.call('HGET', key, 'line') or '0')
local turn = math.max(line + interval, slot)
if turn > now + 3600000000 + interval then
  turn = slot
end
redis.call('HSET', key, 'line', string.format('%.0f', turn))
redis.call('PEXPIRE', key, math.ceil((turn - now + interval) / 1000) + 60000)
return {0, turn - now, 0}
