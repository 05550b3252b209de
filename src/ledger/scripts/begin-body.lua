-- Marks that body bytes may be with the server from now on. ARGV: delivery, token. Gives 1, or 0: send nothing.
local id, token = ARGV[2], ARGV[3]
local row = readRow(id)
if not row or row.status ~= 'sending' or row.token ~= token then return 0 end
if row.phase == 'body' then return 1 end -- asked twice
if tonumber(row.lease) <= now then return 0 end -- the sweeper's
local run = redis.call('HMGET', runKey(row.run), 'cancelled', 'pausedAt')
local paused = run[2] or redis.call('HEXISTS', campaignKey(row.campaign), 'pausedAt') == 1
if run[1] and not row.cancel then row.cancel = 'admin' end
if row.cancel or paused then
  putBack(id, row, 'queued', 0, 'held back before the first body byte')
  if row.status == 'queued' then
    giveBack(id)
    redis.call('ZREM', P .. ':open', id)
    redis.call('SADD', runKey(row.run) .. ':parked', id)
  end
  return 0
end
redis.call('HSET', rowKey(id), 'phase', 'body')
redis.call('HINCRBY', P .. ':meta', 'changes', 1)
return 1
