-- Records who gets no delivery in this run, and cancels what they still have open.
-- ARGV: campaign, token, run, then for each: person, record (JSON), reason of the cancellation or ''.
local campaign, token, run = ARGV[2], ARGV[3], ARGV[4]
if not holdsLock(campaign, token) then return LOCKLOST end
for i = 5, #ARGV, 3 do
  local person, reason = ARGV[i], ARGV[i + 2]
  redis.call('HSET', runKey(run) .. ':passed', person, ARGV[i + 1])
  local known = personRow(campaign, person)
  local row = known and readRow(known.delivery)
  if row and reason ~= '' then cancelOpen(known.delivery, row, reason, 'passed over by the run ' .. run) end
end
redis.call('HINCRBY', P .. ':meta', 'changes', 1)
return 1
