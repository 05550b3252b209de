-- What is known of a page of people. ARGV: campaign, person, …
-- Gives for each, in their order: the packed row, status, detail, run; or nothing four times.
local campaign = ARGV[2]
local result = {}
for i = 3, #ARGV do
  local packed = redis.call('HGET', campaignKey(campaign) .. ':people', ARGV[i])
  local at = #result
  result[at + 1] = packed
  local f = packed and redis.call('HMGET', rowKey(string.match(packed, '^[^\t]*')), 'status', 'detail', 'run') or {}
  for field = 1, 3 do result[at + 1 + field] = f[field] or false end
end
return result
