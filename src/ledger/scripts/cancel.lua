-- Cancels a page of a run's deliveries. ARGV: campaign, run, who, why, offset, limit.
-- The run is marked first, so that nothing of it is claimed while the pages are walked. Gives how many were cancelled.
local campaign, run, by, reason, offset, limit = ARGV[2], ARGV[3], ARGV[4], ARGV[5], tonumber(ARGV[6]), tonumber(ARGV[7])
if redis.call('HGET', runKey(run), 'campaign') ~= campaign then return 0 end
if redis.call('HSETNX', runKey(run), 'cancelled', now) == 1 then
  redis.call('HSET', runKey(run), 'cancelledBy', by, 'cancelReason', reason)
end
local cancelled = 0
for _, id in ipairs(redis.call('LRANGE', runKey(run) .. ':deliveries', offset, offset + limit - 1)) do
  local row = readRow(id)
  if row and cancelOpen(id, row, 'admin', by .. ': ' .. reason) then cancelled = cancelled + 1 end
end
redis.call('HINCRBY', P .. ':meta', 'changes', 1)
return cancelled
