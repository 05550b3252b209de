-- These people were read again. ARGV: campaign, token, person, …
local campaign, token = ARGV[2], ARGV[3]
if not holdsLock(campaign, token) then return LOCKLOST end
for i = 4, #ARGV do
  redis.call('HDEL', campaignKey(campaign) .. ':missing', ARGV[i])
  redis.call('HDEL', campaignKey(campaign) .. ':gone', ARGV[i])
end
redis.call('HINCRBY', P .. ':meta', 'changes', 1)
return 1
