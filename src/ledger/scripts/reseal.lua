-- Replaces a sealed payload by the same under the new key. ARGV: delivery, the old blob, the new one.
local id, before, after = ARGV[2], ARGV[3], ARGV[4]
if redis.call('GET', P .. ':p:' .. id) ~= before then return 0 end
redis.call('SET', P .. ':p:' .. id, after)
return 1
