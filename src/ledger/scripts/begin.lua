-- Opens a run, or re-opens the unsealed one of the same slot. ARGV: campaign, token, run, slot or '', then field, value, …
-- Gives the run's id and the new epoch, or nothing where the slot is done.
local campaign, token, run, slot = ARGV[2], ARGV[3], ARGV[4], ARGV[5]
if not holdsLock(campaign, token) then return LOCKLOST end
if slot ~= '' then
  run = redis.call('HGET', campaignKey(campaign) .. ':slots', slot) or run
end
local key = runKey(run)
if redis.call('EXISTS', key) == 1 then
  local f = redis.call('HMGET', key, 'sealed', 'cancelled', 'token')
  if f[1] or f[2] then return {} end
  -- Not the same request once more, but a run that was left unfinished.
  if f[3] ~= token then redis.call('HINCRBY', key, 'resumed', 1) end
  redis.call('HSET', key, 'token', token)
else
  if slot ~= '' then
    local taken = redis.call('HSETNX', campaignKey(campaign) .. ':slots', slot, run)
    if taken == 0 then return {} end -- its run was erased by age: long done
  end
  redis.call('HSET', key, 'campaign', campaign, 'token', token, 'started', now, unpack(ARGV, 6))
  redis.call('ZADD', campaignKey(campaign) .. ':runs', now, run)
  redis.call('SADD', P .. ':campaigns', campaign)
end
return { run, redis.call('HINCRBY', P .. ':meta', 'epoch', 1) }
