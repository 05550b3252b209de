-- Marks that body bytes may be with the server from now on. ARGV: delivery, token. Gives 1, or 0: send nothing.
local id, token = ARGV[2], ARGV[3]
local status, owner, phase, lease, run, campaign, cancel =
  unpack(redis.call('HMGET', rowKey(id), 'status', 'token', 'phase', 'lease', 'run', 'campaign', 'cancel'))
if status ~= 'sending' or owner ~= token then return 0 end
if phase == 'body' then return 1 end -- asked twice
if tonumber(lease) <= now then return 0 end -- the sweeper's
local cancelled, pausedAt = unpack(redis.call('HMGET', runKey(run), 'cancelled', 'pausedAt'))
local paused = pausedAt or redis.call('HEXISTS', campaignKey(campaign), 'pausedAt') == 1
if cancel or cancelled or paused then
  local row = readRow(id)
  if not cancel and cancelled then row.cancel = 'admin' end
  putBack(id, row, 'queued', 0, 'held back before the first body byte')
  if row.status == 'queued' then
    giveBack(id)
    redis.call('ZREM', P .. ':open', id)
    redis.call('SADD', runKey(row.run) .. ':parked', id)
  end
  return 0
end
redis.call('HSET', rowKey(id), 'phase', 'body')
changed()
return 1
