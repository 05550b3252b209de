-- Drops a run of which no delivery is kept. ARGV: campaign, run.
local campaign, run = ARGV[2], ARGV[3]
if redis.call('EXISTS', runKey(run) .. ':deliveries') == 1 then return 0 end
redis.call('DEL', runKey(run), runKey(run) .. ':passed', runKey(run) .. ':parked')
redis.call('ZREM', campaignKey(campaign) .. ':runs', run)
redis.call('SREM', P .. ':unpark', run)
redis.call('HINCRBY', P .. ':meta', 'changes', 1)
return 1
