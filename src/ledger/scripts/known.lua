-- What is known of a page of people. ARGV: campaign, the people as a JSON list.
-- Gives one text with a line for each, in their order: status, detail, run and the packed row, by tabs; empty for nobody.
local campaign, people = ARGV[2], cjson.decode(ARGV[3])
local lines = redis.call('HMGET', campaignKey(campaign) .. ':people', unpack(people))
for i, packed in ipairs(lines) do
  if packed then
    local key = rowKey(string.match(packed, '^[^\t]*'))
    local f = redis.call('HMGET', key, 'status', 'run')
    local status, run = f[1] or '', f[2] or ''
    -- Of these alone the detail says whether they settle anything; to look for one that is not there takes longest.
    local detail = (status == 'cancelled' or status == 'failed') and redis.call('HGET', key, 'detail') or ''
    lines[i] = status .. '\t' .. detail .. '\t' .. run .. '\t' .. packed
  else
    lines[i] = ''
  end
end
return table.concat(lines, '\n')
