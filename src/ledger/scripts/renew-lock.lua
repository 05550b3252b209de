-- ARGV: campaign, token, lease in milliseconds.
local campaign, token, lease = ARGV[2], ARGV[3], ARGV[4]
if not holdsLock(campaign, token) then return LOCKLOST end
redis.call('PEXPIRE', campaignKey(campaign) .. ':lock', lease)
return 1
