-- What every script of the ledger begins with.
-- KEYS[1]: the ledger's prefix. ARGV[1]: the ledger's id. ARGV[2] and on: the script's own arguments.
-- Rollcall refuses Redis Cluster, so scripts build the names of their keys (listed in ../keys.ts) from the prefix.

local P = KEYS[1]
if redis.call('HGET', P .. ':meta', 'id') ~= ARGV[1] then
  return redis.error_reply('LEDGERGONE the ledger that this process knew is no longer in Redis')
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function rowKey(id) return P .. ':d:' .. id end
local function runKey(run) return P .. ':run:' .. run end
local function campaignKey(campaign) return P .. ':c:' .. campaign end

local function toTable(flat)
  if #flat == 0 then return nil end
  local fields = {}
  for i = 1, #flat, 2 do fields[flat[i]] = flat[i + 1] end
  return fields
end

local function readRow(id) return toTable(redis.call('HGETALL', rowKey(id))) end

local function isWaiting(row) return row.status == 'queued' or row.status == 'deferred' end

-- The planner's lock holds "token<TAB>holder". A token that is no longer there belongs to a planner that was replaced.
local function holdsLock(campaign, token)
  local held = redis.call('GET', campaignKey(campaign) .. ':lock')
  return held and string.match(held, '^[^\t]*') == token
end
local LOCKLOST = redis.error_reply('LOCKLOST another process plans this campaign')

-- Counters by key and field, written at the end of the script, once for all deliveries that it is about.
local counted = {}
local function add(key, field, by)
  local fields = counted[key]
  if not fields then
    fields = {}
    counted[key] = fields
  end
  fields[field] = (fields[field] or 0) + by
end
local function writeCounts()
  for key, fields in pairs(counted) do
    for field, by in pairs(fields) do
      if by ~= 0 then redis.call('HINCRBY', key, field, by) end
    end
  end
end
-- A counter as it will be, of which `written` is what Redis has.
local function counter(key, field, written)
  return (tonumber(written) or 0) + (counted[key] and counted[key][field] or 0)
end
local function changed() add(P .. ':meta', 'changes', 1) end

-- Counts in the run (unless a newer delivery of the same run stands for the person) and among the latest of each person.
local isRun = {}
local function count(row, from, to)
  local run, latest = runKey(row.run), campaignKey(row.campaign) .. ':n'
  if not row.uncounted then
    if isRun[run] == nil then isRun[run] = redis.call('EXISTS', run) == 1 end -- a run may have been dropped by age
    if isRun[run] then
      add(run, 'n:' .. from, -1)
      add(run, 'n:' .. to, 1)
    end
  end
  if not row.old then
    add(latest, from, -1)
    add(latest, to, 1)
  end
end

-- Every change of a status goes through here: the status, its counters and one more line of history.
local function move(id, row, to, note, detail)
  local line = (tonumber(row.log) or 0) + 1
  redis.call('HSET', rowKey(id), 'status', to, 'log', line, '#' .. line, now .. ' ' .. to .. ' ' .. note)
  if detail then
    redis.call('HSET', rowKey(id), 'detail', detail)
  elseif row.detail then
    redis.call('HDEL', rowKey(id), 'detail')
  end
  count(row, row.status, to)
  row.status, row.detail, row.log = to, detail, line
  changed()
end

local function note(id, row, text)
  local line = (tonumber(row.log) or 0) + 1
  redis.call('HSET', rowKey(id), 'log', line, '#' .. line, now .. ' ' .. row.status .. ' ' .. text)
  row.log = line
  changed()
end

-- Milliseconds that a campaign, or a run, has been paused up to now. A run's own time leaves out its campaign's, so
-- that the two can be added.
local function campaignPaused(campaign)
  local f = redis.call('HMGET', campaignKey(campaign), 'pausedTotal', 'pausedAt')
  return (tonumber(f[1]) or 0) + (f[2] and now - f[2] or 0)
end
local function runPaused(run, campaign)
  local f = redis.call('HMGET', runKey(run), 'pausedTotal', 'pausedAt', 'pausedBase')
  local total = tonumber(f[1]) or 0
  if not f[2] then return total end
  return total + (now - f[2]) - (campaignPaused(campaign) - (tonumber(f[3]) or 0))
end

local function pauseCampaign(campaign, by, reason)
  local key = campaignKey(campaign)
  if redis.call('HSETNX', key, 'pausedAt', now) == 1 then
    redis.call('HSET', key, 'pausedBy', by, 'pausedReason', reason)
  end
end

-- A relay that says no to everybody: after twenty final deliveries, counted anew after each such pause.
local MAX_FAILED_AFTER = 20
local FINAL = { 'n:failed', 'n:sent', 'n:uncertain', 'n:delivered', 'n:bounced', 'n:expired' }
local function holdMaxFailed(row)
  local key = runKey(row.run)
  local f = redis.call('HMGET', key, 'maxFailed', 'failedBase', 'finalBase', unpack(FINAL))
  if not f[1] then return end
  local failed, final = counter(key, FINAL[1], f[4]), 0
  for i, name in ipairs(FINAL) do final = final + counter(key, name, f[3 + i]) end
  local newFailed, newFinal = failed - (tonumber(f[2]) or 0), final - (tonumber(f[3]) or 0)
  if newFinal >= MAX_FAILED_AFTER and newFailed > tonumber(f[1]) * newFinal then
    redis.call('HSET', key, 'failedBase', failed, 'finalBase', final)
    pauseCampaign(row.campaign, 'rollcall', newFailed .. ' of ' .. newFinal .. ' deliveries failed (limits.maxFailed)')
  end
end

-- The first deliveries of a run go alone: the others are let go once all of these are final and none came to grief.
local function settleCanary(row)
  local key = runKey(row.run)
  local f = redis.call('HMGET', key, 'canary', 'canaryOk')
  if not f[1] or f[2] then return end
  if row.status == 'failed' or row.status == 'uncertain' or row.status == 'expired' then
    redis.call('HSET', key, 'canaryFailed', 1)
    pauseCampaign(row.campaign, 'rollcall', 'one of the first ' .. f[1] .. ' deliveries is ' .. row.status .. ' (canary)')
  elseif redis.call('HINCRBY', key, 'canaryDone', 1) >= tonumber(f[1]) then
    redis.call('HSET', key, 'canaryOk', 1)
    redis.call('SADD', P .. ':unpark', row.run)
  end
end

-- Nothing of Rollcall's will happen to it any more: the payload is wiped, the run may be over.
-- Once an answer was in doubt, no later failure or cancellation proves that nothing arrived: it stays uncertain.
local OPEN = { 'n:queued', 'n:sending', 'n:deferred' }
local NOT_SENT = { cancelled = true, expired = true, failed = true, suppressed = true }
local function finish(id, row, to, text, detail)
  if tonumber(row.doubt or '0') > 0 and NOT_SENT[to] then
    text, to, detail = to .. ' after an earlier answer was in doubt: ' .. text, 'uncertain', nil
  end
  local waited, wasSent = isWaiting(row), row.status == 'sending'
  move(id, row, to, text, detail)
  if waited then
    redis.call('ZREM', P .. ':open', id)
    redis.call('SREM', runKey(row.run) .. ':parked', id)
  end
  if not waited and not wasSent then return end
  redis.call('ZREM', P .. ':leases', id)
  redis.call('DEL', P .. ':p:' .. id)
  redis.call('HDEL', rowKey(id), 'cancel', 'lease', 'phase', 'notBefore', 'after')
  if row.uncounted then return end
  local key = runKey(row.run)
  local f = redis.call('HMGET', key, 'sealed', 'ended', unpack(OPEN))
  local open = 0
  for i, name in ipairs(OPEN) do open = open + counter(key, name, f[2 + i]) end
  if f[1] and not f[2] and open == 0 then redis.call('HSET', key, 'ended', now) end
  if row.canary then settleCanary(row) end
  if to == 'failed' then holdMaxFailed(row) end
end

-- Back to waiting, unless it was to be cancelled as soon as it came back.
local function putBack(id, row, to, notBefore, text)
  redis.call('ZREM', P .. ':leases', id)
  if row.cancel then
    finish(id, row, 'cancelled', text, row.cancel)
    return
  end
  move(id, row, to, text)
  redis.call('HDEL', rowKey(id), 'lease', 'phase')
  redis.call('HSET', rowKey(id), 'notBefore', notBefore)
  redis.call('ZADD', P .. ':open', notBefore, id)
end

-- Nobody's fault: the attempt is given back, and if it was the first, the time to expiry runs from the next one.
local function giveBack(id)
  if redis.call('HINCRBY', rowKey(id), 'attempts', -1) == 0 then
    redis.call('HDEL', rowKey(id), 'first', 'date', 'pausedBefore')
  end
end

-- The answer is not known. Held for an admin, or sent once more where the campaign says so.
local function doubt(id, row, text)
  if row.reported then
    -- A DSN was faster than the answer that never came.
    redis.call('HDEL', rowKey(id), 'doubt', 'reported')
    row.doubt = nil
    finish(id, row, row.reported, 'reported before the answer was lost: ' .. text)
    return
  end
  local f = redis.call('HMGET', runKey(row.run), 'uncertain', 'resendAfter', 'cancelled')
  if f[1] ~= 'resend' or f[3] or row.cancel or tonumber(row.doubt or '0') > 0 then
    finish(id, row, 'uncertain', text)
    return
  end
  move(id, row, 'uncertain', text)
  redis.call('HSET', rowKey(id), 'doubt', 1)
  row.doubt = '1'
  putBack(id, row, 'queued', now + tonumber(f[2]), 'to be sent once more, as the campaign says')
end

-- A lease that is over: its holder is dead, or was away for too long.
local function settleLease(id, row)
  if row.phase == 'body' then
    doubt(id, row, 'the worker was lost after the first body byte')
  else
    putBack(id, row, 'queued', 0, 'the worker was lost before the first body byte')
  end
end

-- Cancels what waits; what is being sent is let finish, and cancelled should it come back unsent.
local function cancelOpen(id, row, reason, text)
  if isWaiting(row) then
    finish(id, row, 'cancelled', text, reason)
    return true
  end
  if row.status == 'sending' then redis.call('HSETNX', rowKey(id), 'cancel', reason) end
  return false
end

-- Takes parked deliveries of a run back among the waiting: whoever calls gives them jobs.
local function unpark(run, limit)
  local ids = redis.call('SPOP', runKey(run) .. ':parked', limit)
  for _, id in ipairs(ids) do
    redis.call('ZADD', P .. ':open', redis.call('HGET', rowKey(id), 'notBefore') or 0, id)
  end
  return ids
end

-- A person's row in a campaign: delivery, sequence, revision, fingerprint, alias hash, address, by tabs.
local function parsePersonRow(packed)
  if not packed then return nil end
  local delivery, sequence, rest = string.match(packed, '^([^\t]*)\t([^\t]*)\t(.*)$')
  return { delivery = delivery, sequence = tonumber(sequence), rest = rest }
end
local function personRow(campaign, person)
  return parsePersonRow(redis.call('HGET', campaignKey(campaign) .. ':people', person))
end
