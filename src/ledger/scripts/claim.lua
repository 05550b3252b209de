-- Claims one delivery. ARGV: delivery, token, lease in milliseconds.
-- Gives { 'done', status } | { 'later', at } | { 'parked', why } |
-- { 'claimed', campaign, run, person, sequence, attempt, address, date, first attempt, doubts, sealed payload }.
local id, token, lease = ARGV[2], ARGV[3], tonumber(ARGV[4])
local row = readRow(id)
if not row then return { 'done', 'unknown' } end

local function claimed(paused)
  return { 'claimed', row.campaign, row.run, row.person, row.sequence, tostring(row.attempts), row.address,
    tostring(row.date), tostring(row.first + paused - row.pausedBefore), row.doubt or '0', redis.call('GET', P .. ':p:' .. id) }
end

local function park(why)
  redis.call('ZREM', P .. ':open', id)
  redis.call('SADD', runKey(row.run) .. ':parked', id)
  return { 'parked', why }
end

if row.status == 'sending' then
  -- The same request again, because its answer was lost on the way.
  if row.token == token and row.phase == 'claimed' then return claimed(campaignPaused(row.campaign) + runPaused(row.run, row.campaign)) end
  if tonumber(row.lease) > now then return { 'later', row.lease } end
  settleLease(id, row)
  row = readRow(id)
end
if not isWaiting(row) then return { 'done', row.status } end

-- The one before it must be final: two messages to one person are never under way at once.
local POLL_MS = 5000
if row.after then
  local before = readRow(row.after)
  if before and before.status == 'sending' then
    if tonumber(before.lease) > now then return { 'later', tostring(math.min(tonumber(before.lease), now + POLL_MS)) } end
    settleLease(row.after, before)
  end
  redis.call('HDEL', rowKey(id), 'after')
end

local run = redis.call('HMGET', runKey(row.run), 'cancelled', 'pausedAt', 'canary', 'canaryOk', 'pausedTotal')
if run[1] then
  finish(id, row, 'cancelled', 'the run was cancelled', 'admin')
  return { 'done', row.status }
end
if redis.call('HEXISTS', P .. ':suppressed', row.folded or row.address) == 1 then
  finish(id, row, 'suppressed', 'the address was suppressed after planning')
  return { 'done', row.status }
end
local campaign = redis.call('HMGET', campaignKey(row.campaign), 'pausedAt', 'pausedTotal')
if run[2] or campaign[1] then return park('paused') end
if run[3] and not run[4] and not row.canary then return park('canary') end
if tonumber(row.notBefore or '0') > now then return { 'later', row.notBefore } end

row.attempts = row.attempts + 1
move(id, row, 'sending', 'attempt ' .. row.attempts)
local paused = (tonumber(run[5]) or 0) + (tonumber(campaign[2]) or 0) -- all of it, since neither is paused now
if not row.first then
  row.first = now
  row.date = now
  row.pausedBefore = paused
end
redis.call('HSET', rowKey(id), 'token', token, 'lease', now + lease, 'phase', 'claimed', 'attempts', row.attempts,
  'first', row.first, 'date', row.date, 'pausedBefore', row.pausedBefore)
if row.notBefore or row.recorded then redis.call('HDEL', rowKey(id), 'notBefore', 'recorded') end
redis.call('ZREM', P .. ':open', id)
redis.call('ZADD', P .. ':leases', now + lease, id)
return claimed(paused)
