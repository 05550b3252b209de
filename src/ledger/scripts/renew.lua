-- ARGV: delivery, token, lease in milliseconds. Gives 1, or 0 where the claim is lost.
local id, token, lease = ARGV[2], ARGV[3], tonumber(ARGV[4])
local f = redis.call('HMGET', rowKey(id), 'status', 'token')
if f[1] ~= 'sending' or f[2] ~= token then return 0 end
redis.call('HSET', rowKey(id), 'lease', now + lease)
redis.call('ZADD', P .. ':leases', now + lease, id)
return 1
