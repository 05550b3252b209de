-- New hashes for people whose delivery stands. ARGV: campaign, token, then for each: person,
-- "revision<TAB>fingerprint<TAB>alias hash".
local campaign, token = ARGV[2], ARGV[3]
if not holdsLock(campaign, token) then return LOCKLOST end
for i = 4, #ARGV, 2 do
  local known = personRow(campaign, ARGV[i])
  if known then
    local address = string.match(known.rest, '([^\t]*)$')
    redis.call('HSET', campaignKey(campaign) .. ':people', ARGV[i],
      known.delivery .. '\t' .. known.sequence .. '\t' .. ARGV[i + 1] .. '\t' .. address)
  end
end
redis.call('HINCRBY', P .. ':meta', 'changes', 1)
return 1
