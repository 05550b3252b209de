-- ARGV: campaign, run or '', who, why. Pausing what is paused changes nothing.
local campaign, run, by, reason = ARGV[2], ARGV[3], ARGV[4], ARGV[5]
redis.call('HINCRBY', P .. ':meta', 'changes', 1)
if run == '' then
  pauseCampaign(campaign, by, reason)
elseif redis.call('HGET', runKey(run), 'campaign') ~= campaign then
  return 0
elseif redis.call('HSETNX', runKey(run), 'pausedAt', now) == 1 then
  redis.call('HSET', runKey(run), 'pausedBy', by, 'pausedReason', reason, 'pausedBase', campaignPaused(campaign))
end
return 1
