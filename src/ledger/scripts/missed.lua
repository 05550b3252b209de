-- Counts a complete read without these people; the second cancels what they have open. ARGV: campaign, token, person, …
local campaign, token = ARGV[2], ARGV[3]
if not holdsLock(campaign, token) then return LOCKLOST end
local missing, gone = campaignKey(campaign) .. ':missing', campaignKey(campaign) .. ':gone'
for i = 4, #ARGV do
  local person = ARGV[i]
  local known = personRow(campaign, person)
  local before = redis.call('HGET', missing, person)
  if known and redis.call('HEXISTS', gone, person) == 0 then
    if not before then
      redis.call('HSET', missing, person, token)
    elseif before ~= token then -- one lock is one read, however often this is asked
      redis.call('HDEL', missing, person)
      redis.call('HSET', gone, person, now)
      local row = readRow(known.delivery)
      if row then cancelOpen(known.delivery, row, 'gone', 'two complete reads without this person') end
    end
  end
end
redis.call('HINCRBY', P .. ':meta', 'changes', 1)
return 1
