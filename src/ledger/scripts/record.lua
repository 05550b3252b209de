-- The end of an attempt. ARGV: delivery, token, status, milliseconds to wait, detail, code, reply, note.
local id, token, status, notBefore = ARGV[2], ARGV[3], ARGV[4], now + tonumber(ARGV[5])
local detail, code, reply, text = ARGV[6], ARGV[7], ARGV[8], ARGV[9]
local row = readRow(id)
if not row or row.token ~= token then return 'refused' end

local function keep()
  local fields = { 'recorded', status }
  for name, value in pairs({ code = code, reply = reply }) do
    if value ~= '' then
      fields[#fields + 1] = name
      fields[#fields + 1] = value
    end
  end
  redis.call('HSET', rowKey(id), unpack(fields))
end

if row.status ~= 'sending' then
  -- Late truth: the owner knows what nobody else can know. Only while no one else has claimed it since.
  local inDoubt = row.status == 'uncertain' or (row.status == 'queued' and row.doubt)
  -- A second copy that failed says nothing about the first, which is still in doubt.
  local settles = status == 'sent' or (status == 'failed' and not (row.status == 'uncertain' and row.doubt))
  if inDoubt and settles then
    keep()
    if row.status == 'queued' then
      redis.call('HDEL', rowKey(id), 'doubt')
      row.doubt = nil
    end
    finish(id, row, status, 'late: ' .. text, detail ~= '' and detail or nil)
    return 'late'
  end
  return row.recorded == status and 'recorded' or 'refused'
end

keep()
if status == 'deferred' then
  putBack(id, row, 'deferred', notBefore, text)
elseif status == 'queued' then
  putBack(id, row, 'queued', notBefore, text)
  giveBack(id)
elseif status == 'uncertain' then
  doubt(id, row, text)
else
  finish(id, row, status, text, detail ~= '' and detail or nil)
end

-- A DSN that was faster than the answer; where there is none, doubt() has seen to it.
if row.reported and row.status == 'sent' then
  if row.reported ~= 'sent' then move(id, row, row.reported, 'reported before the answer was recorded') end
  redis.call('HDEL', rowKey(id), 'reported')
end
return 'recorded'
