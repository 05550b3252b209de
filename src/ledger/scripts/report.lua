-- Takes a DSN. ARGV: delivery, action, text for the history, suppression (JSON) or '', suppressions allowed a day.
-- Gives { 'applied' | 'noted' | 'known' | 'ignored' | 'unknown', 'new' | 'held' | 'none' }.
local id, action, text, suppression, maxPerDay = ARGV[2], ARGV[3], ARGV[4], ARGV[5], tonumber(ARGV[6])
local row = readRow(id)
if not row then return { 'unknown', 'none' } end

-- A mailbox may be read twice, and a message in it come twice: what is in the history was taken before.
for line = 1, tonumber(row.log) or 0 do
  if string.match(row['#' .. line] or '', '^%d+ %S+ (.*)$') == text then return { 'known', 'none' } end
end

-- What each action says: the message bounced, was delivered, or is at least with the relay.
local VERDICT = { failed = 'bounced', delivered = 'delivered', relayed = 'sent', expanded = 'sent', delayed = 'sent' }
local verdict = VERDICT[action]

local function take()
  -- Queued once more after a doubt: the report tells what became of the first copy.
  if row.status == 'uncertain' or (isWaiting(row) and row.doubt) then
    row.doubt = nil
    redis.call('HDEL', rowKey(id), 'doubt')
    finish(id, row, verdict, text)
    return 'applied'
  end
  if row.status == 'sent' then
    if verdict == 'sent' then note(id, row, text) return 'noted' end
    move(id, row, verdict, text)
    return 'applied'
  end
  if row.status == 'sending' and row.phase == 'body' then
    -- Its owner is about to record the answer: the report waits for that.
    if verdict ~= 'sent' or not row.reported then redis.call('HSET', rowKey(id), 'reported', verdict) end
    note(id, row, text)
    return 'noted'
  end
  if row.status == 'delivered' or row.status == 'bounced' then
    note(id, row, text)
    return 'noted'
  end
  return 'ignored'
end

local wasDelivered = row.status == 'delivered'
local taken = take()
if suppression == '' or taken == 'ignored' or wasDelivered then return { taken, 'none' } end

local address = row.folded or row.address
if redis.call('HEXISTS', P .. ':suppressed', address) == 1 then return { taken, 'none' } end
local today = P .. ':bounced:' .. math.floor(now / 86400000)
local count = redis.call('INCR', today)
redis.call('EXPIRE', today, 2 * 86400)
if count > maxPerDay then return { taken, 'held' } end
redis.call('HSET', P .. ':suppressed', address, suppression)
redis.call('HINCRBY', P .. ':meta', 'changes', 1)
return { taken, 'new' }
