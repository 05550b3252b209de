-- Lifts the pause of a run (and lets its canary go), or of a campaign. ARGV: campaign, run or '', who.
local campaign, run, by = ARGV[2], ARGV[3], ARGV[4]
redis.call('HINCRBY', P .. ':meta', 'changes', 1)
if run == '' then
  local key = campaignKey(campaign)
  if redis.call('HEXISTS', key, 'pausedAt') == 1 then
    redis.call('HSET', key, 'pausedTotal', campaignPaused(campaign), 'resumedBy', by, 'resumedAt', now)
    redis.call('HDEL', key, 'pausedAt', 'pausedBy', 'pausedReason')
  end
  return 1
end
local key = runKey(run)
if redis.call('HGET', key, 'campaign') ~= campaign then return 0 end
if redis.call('HEXISTS', key, 'pausedAt') == 1 then
  redis.call('HSET', key, 'pausedTotal', runPaused(run, campaign), 'resumedBy', by, 'resumedAt', now)
  redis.call('HDEL', key, 'pausedAt', 'pausedBy', 'pausedReason', 'pausedBase')
end
if ARGV[5] == 'canary' or redis.call('HEXISTS', key, 'canaryFailed') == 1 then redis.call('HSET', key, 'canaryOk', 1) end
return 1
