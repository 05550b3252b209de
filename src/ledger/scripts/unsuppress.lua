-- ARGV: folded address.
redis.call('HINCRBY', P .. ':meta', 'changes', 1)
return redis.call('HDEL', P .. ':suppressed', ARGV[2])
