-- ARGV: campaign, token. A lock that was lost is somebody else's, and is left alone.
local campaign, token = ARGV[2], ARGV[3]
if holdsLock(campaign, token) then redis.call('DEL', campaignKey(campaign) .. ':lock') end
return 1
