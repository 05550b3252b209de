-- Takes the planner's lock of a campaign. ARGV: campaign, nonce, holder, lease in milliseconds.
-- The fence makes tokens that never come again, even if two nonces were alike.
local campaign, nonce, holder, lease = ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local key = campaignKey(campaign) .. ':lock'
local held = redis.call('GET', key)
if held then
  -- The same request again, because its answer was lost on the way.
  local token = string.match(held, '^[^\t]*')
  if string.match(token, '%.(.*)$') == nonce then return { 'held', token } end
  return { 'busy', string.match(held, '\t(.*)$') }
end
local token = redis.call('HINCRBY', campaignKey(campaign), 'fence', 1) .. '.' .. nonce
redis.call('SET', key, token .. '\t' .. holder, 'PX', lease)
return { 'held', token }
