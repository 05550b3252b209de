-- ARGV: folded address, record (JSON).
redis.call('HINCRBY', P .. ':meta', 'changes', 1)
return redis.call('HSETNX', P .. ':suppressed', ARGV[2], ARGV[3])
