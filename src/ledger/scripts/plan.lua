-- Writes deliveries as queued. ARGV: campaign, token, run, then eight for each entry: person, delivery, expected sequence,
-- "revision<TAB>fingerprint<TAB>alias hash<TAB>address", facts (JSON), address, folded address, sealed payload.
local campaign, token, run = ARGV[2], ARGV[3], ARGV[4]
if not holdsLock(campaign, token) then return LOCKLOST end
local runState = redis.call('HMGET', runKey(run), 'campaign', 'sealed', 'cancelled', 'canary', 'trigger', 'actor', 'reason')
if runState[1] ~= campaign or runState[2] or runState[3] then
  return redis.error_reply('RUNCLOSED the run is sealed, cancelled or not there')
end
local canary = tonumber(runState[4]) or 0
-- Who asked for a re-send, and why, is the first line of the delivery's history.
local planned = 'planned'
if runState[5] == 'resend' then planned = 're-sent by ' .. (runState[6] or '?') .. ': ' .. (runState[7] or '') end

-- The person's last delivery gives way: cancelled where it waits, and waited for where it is being sent.
local function supersede(id, sequence)
  local row = readRow(id)
  if not row then return nil end
  local after = row.status == 'sending' and id or (isWaiting(row) and row.after or nil)
  cancelOpen(id, row, 'superseded', 'superseded by number ' .. sequence)
  if row.run == run and not row.uncounted then
    -- A resumed run that met new data: in its numbers each person stands once.
    redis.call('HINCRBY', runKey(run), 'n:' .. row.status, -1)
    redis.call('HSET', rowKey(id), 'uncounted', 1)
  end
  redis.call('HINCRBY', campaignKey(campaign) .. ':n', row.status, -1)
  redis.call('HSET', rowKey(id), 'old', 1)
  return after
end

local results, added = {}, 0
-- Written once at the end, for all of them: people's rows, the run's list, what waits.
local people, list, open = {}, {}, {}
local ordinal = redis.call('LLEN', runKey(run) .. ':deliveries')

for i = 5, #ARGV, 8 do
  local person, id, expected = ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 2])
  local known = personRow(campaign, person)
  local sequence = known and known.sequence or 0
  if sequence == expected + 1 and redis.call('HGET', rowKey(known.delivery), 'run') == run then
    results[#results + 1] = 'already'
  -- NX: the rows of people are written at the end, so that one who comes twice in ARGV is told by the delivery.
  elseif sequence ~= expected or not redis.call('SET', P .. ':i:' .. id, ARGV[i + 4], 'NX') then
    results[#results + 1] = 'stale'
  else
    local after = known and supersede(known.delivery, expected + 1)
    local row = { 'campaign', campaign, 'run', run, 'person', person, 'sequence', expected + 1, 'status', 'queued',
      'address', ARGV[i + 5], 'attempts', 0, 'log', 1, '#1', now .. ' queued ' .. planned }
    if ARGV[i + 6] ~= ARGV[i + 5] then row[#row + 1] = 'folded'; row[#row + 1] = ARGV[i + 6] end
    if after then row[#row + 1] = 'after'; row[#row + 1] = after end
    ordinal = ordinal + 1
    if ordinal <= canary then row[#row + 1] = 'canary'; row[#row + 1] = 1 end
    redis.call('HSET', rowKey(id), unpack(row))
    redis.call('SET', P .. ':p:' .. id, ARGV[i + 7])
    people[#people + 1] = person
    people[#people + 1] = id .. '\t' .. (expected + 1) .. '\t' .. ARGV[i + 3]
    list[#list + 1] = id
    open[#open + 1] = 0
    open[#open + 1] = id
    added = added + 1
    results[#results + 1] = 'planned'
  end
end
if added > 0 then
  redis.call('HSET', campaignKey(campaign) .. ':people', unpack(people))
  redis.call('RPUSH', runKey(run) .. ':deliveries', unpack(list))
  redis.call('ZADD', P .. ':open', unpack(open))
  redis.call('HINCRBY', runKey(run), 'n:queued', added)
  redis.call('HINCRBY', campaignKey(campaign) .. ':n', 'queued', added)
  redis.call('HINCRBY', P .. ':meta', 'changes', added)
end
return results
