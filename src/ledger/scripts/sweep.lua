-- Settles leases that are over, and unparks what was let go. ARGV: limit. Gives the deliveries that need a job.
local limit = tonumber(ARGV[2])
local jobs = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', P .. ':leases', '-inf', now, 'LIMIT', 0, limit)) do
  local row = readRow(id)
  if row and row.status == 'sending' then
    settleLease(id, row)
    if isWaiting(row) then jobs[#jobs + 1] = id end
  else
    redis.call('ZREM', P .. ':leases', id)
  end
end
for _, run in ipairs(redis.call('SMEMBERS', P .. ':unpark')) do
  if #jobs >= limit then break end
  for _, id in ipairs(unpark(run, limit - #jobs)) do jobs[#jobs + 1] = id end
  if redis.call('EXISTS', runKey(run) .. ':parked') == 0 then redis.call('SREM', P .. ':unpark', run) end
end
return jobs
