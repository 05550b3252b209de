-- Finds the ledger of this prefix, or makes one. The only script that runs before the id is known, so it stands alone.
-- KEYS[1]: the ledger's prefix. ARGV: an id for a new ledger, or '' to make none; the key's id; the version of the layout.
-- Gives id, key, version, epoch, importing; or nothing where there is none.
local meta = KEYS[1] .. ':meta'
if redis.call('EXISTS', meta) == 0 then
  if ARGV[1] == '' then return {} end
  redis.call('HSET', meta, 'id', ARGV[1], 'key', ARGV[2], 'version', ARGV[3], 'epoch', 0, 'changes', 0,
    'created', redis.call('TIME')[1] * 1000)
end
return redis.call('HMGET', meta, 'id', 'key', 'version', 'epoch', 'importing')
