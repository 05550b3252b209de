-- ARGV: run, limit. Gives the deliveries, which need jobs again.
return unpark(ARGV[2], tonumber(ARGV[3]))
