-- Fixes the outcomes of a run. ARGV: campaign, token, run, state, people, sum of the outcomes, outcomes (JSON),
-- skipped (JSON), unchanged (JSON), reason or ''. Gives the new epoch.
local campaign, token, run, state = ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local people, outcomes = tonumber(ARGV[6]), tonumber(ARGV[7])
if not holdsLock(campaign, token) then return LOCKLOST end
local key = runKey(run)
local fields = toTable(redis.call('HGETALL', key))
if not fields or fields.campaign ~= campaign then return redis.error_reply('RUNCLOSED the run is not there') end
if fields.sealed then
  if fields.token == token then return tonumber(redis.call('HGET', P .. ':meta', 'epoch')) end -- asked twice
  return redis.error_reply('RUNCLOSED the run is sealed')
end
local deliveries = 0
for name, value in pairs(fields) do
  if string.sub(name, 1, 2) == 'n:' then deliveries = deliveries + value end
end
if fields.resumed or (state ~= 'running' and deliveries > 0) then
  people = outcomes + deliveries
elseif state == 'running' and not fields.cancelled and people ~= outcomes + deliveries then
  return redis.error_reply('SUMS ' .. people .. ' people, but ' .. outcomes .. ' outcomes and ' .. deliveries .. ' deliveries')
end
redis.call('HSET', key, 'sealed', state, 'people', people, 'outcomes', ARGV[8], 'skipped', ARGV[9], 'unchanged', ARGV[10],
  'stateReason', ARGV[11], 'sealedAt', now)
local open = 0
for _, status in ipairs({ 'queued', 'sending', 'deferred' }) do open = open + (tonumber(fields['n:' .. status]) or 0) end
if open == 0 then redis.call('HSET', key, 'ended', now) end
if state == 'running' and fields.trigger ~= 'resend' then
  redis.call('HSET', campaignKey(campaign), 'lastPeople', people)
end
redis.call('HINCRBY', P .. ':meta', 'changes', 1)
return redis.call('HINCRBY', P .. ':meta', 'epoch', 1)
