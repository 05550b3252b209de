-- Erases a person of a campaign. ARGV: campaign, person, number of runs, run, …, delivery, …
-- The runs keep their numbers, which tell nothing of anybody. Gives how many deliveries were erased.
local campaign, person, runs = ARGV[2], ARGV[3], tonumber(ARGV[4])
local erased = 0
for i = 5 + runs, #ARGV do
  local id = ARGV[i]
  local row = readRow(id)
  if row then
    if isWaiting(row) then finish(id, row, 'cancelled', 'erased', 'admin') end
    if row.status == 'sending' then finish(id, row, 'uncertain', 'erased while being sent') end
    if not row.old then redis.call('HINCRBY', campaignKey(campaign) .. ':n', row.status, -1) end
    redis.call('LREM', runKey(row.run) .. ':deliveries', 1, id)
    redis.call('DEL', rowKey(id), P .. ':i:' .. id, P .. ':p:' .. id)
    erased = erased + 1
  end
end
for i = 5, 4 + runs do redis.call('HDEL', runKey(ARGV[i]) .. ':passed', person) end
for _, part in ipairs({ ':people', ':missing', ':gone' }) do redis.call('HDEL', campaignKey(campaign) .. part, person) end
redis.call('HINCRBY', P .. ':meta', 'changes', 1)
return erased
