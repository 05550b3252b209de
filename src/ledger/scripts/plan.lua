-- Writes deliveries as queued. ARGV: campaign, token, run, then three for each entry: person, the entry, its sealed payload.
-- An entry, by tabs: delivery, sequence, address, folded address (or nothing where it is the same), revision, fingerprint,
-- alias hash, facts (JSON). Gives the places (from 1) of those that this run has planned already, and of those that are stale.
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

local ENTRY = '^([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*\t[^\t]*\t[^\t]*)\t(.*)$'
local line = now .. ' queued ' .. planned
-- One score for all of a call, higher than all before: a sorted set takes these at its end, which is several times as fast.
local due = now .. ''
local already, stale, added = {}, {}, 0
local persons, twice = {}, {}
for i = 5, #ARGV, 3 do persons[#persons + 1] = ARGV[i] end
if #persons == 0 then return { already, stale } end
-- Read once at the start and written once at the end, for all of them: people's rows, facts and payloads, the run's list,
-- what waits.
local rows = redis.call('HMGET', campaignKey(campaign) .. ':people', unpack(persons))
local people, texts, list, open = {}, {}, {}, {}
local ordinal = redis.call('LLEN', runKey(run) .. ':deliveries')

for at, person in ipairs(persons) do
  local id, number, address, folded, hashes, facts = string.match(ARGV[3 * at + 3], ENTRY)
  local sequence = tonumber(number)
  local known = parsePersonRow(rows[at])
  local last = known and known.sequence or 0
  if last == sequence and redis.call('HGET', rowKey(known.delivery), 'run') == run then
    already[#already + 1] = at
  elseif last ~= sequence - 1 or twice[person] then
    stale[#stale + 1] = at
  else
    twice[person] = true -- should they come again: their row is written at the end
    local key = rowKey(id)
    local after = known and supersede(known.delivery, number)
    -- Numbers as text: Redis would print each of them with seventeen digits first.
    redis.call('HSET', key, 'campaign', campaign, 'run', run, 'person', person, 'sequence', number, 'status', 'queued',
      'address', address, 'attempts', '0', 'log', '1', '#1', line)
    if folded ~= '' then redis.call('HSET', key, 'folded', folded) end
    if after then redis.call('HSET', key, 'after', after) end
    added = added + 1
    if ordinal + added <= canary then redis.call('HSET', key, 'canary', '1') end
    local two, four = 2 * added, 4 * added
    texts[four - 3], texts[four - 2], texts[four - 1], texts[four] = P .. ':i:' .. id, facts, P .. ':p:' .. id, ARGV[3 * at + 4]
    people[two - 1], people[two] = person, id .. '\t' .. number .. '\t' .. hashes .. '\t' .. address
    open[two - 1], open[two] = due, id
    list[added] = id
  end
end
if added > 0 then
  redis.call('MSET', unpack(texts))
  redis.call('HSET', campaignKey(campaign) .. ':people', unpack(people))
  redis.call('RPUSH', runKey(run) .. ':deliveries', unpack(list))
  redis.call('ZADD', P .. ':open', unpack(open))
  redis.call('HINCRBY', runKey(run), 'n:queued', added)
  redis.call('HINCRBY', campaignKey(campaign) .. ':n', 'queued', added)
  redis.call('HINCRBY', P .. ':meta', 'changes', added)
end
return { already, stale }
