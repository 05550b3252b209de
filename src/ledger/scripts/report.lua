-- Takes a DSN. ARGV: delivery, action, text for the history. Gives 'applied', 'noted', 'ignored' or 'unknown'.
local id, action, text = ARGV[2], ARGV[3], ARGV[4]
local row = readRow(id)
if not row then return 'unknown' end

-- What each action says: the message bounced, was delivered, or is at least with the relay.
local VERDICT = { failed = 'bounced', delivered = 'delivered', relayed = 'sent', expanded = 'sent', delayed = 'sent' }
local verdict = VERDICT[action]
-- Queued once more after a doubt: the report tells what became of the first copy.
local inDoubt = row.status == 'uncertain' or (isWaiting(row) and row.doubt)

if inDoubt then
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
  if verdict ~= 'sent' then redis.call('HSET', rowKey(id), 'reported', verdict) end
  note(id, row, text)
  return 'noted'
end
if row.status == 'delivered' or row.status == 'bounced' then
  note(id, row, text)
  return 'noted'
end
return 'ignored'
