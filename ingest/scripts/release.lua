-- with versions
-- Let go what was embargoed until now, by the server's clock and nobody else's. ARGV[3] most. Returns the records that need a job.
-- What was withheld without a moment for longer than RETENTION ends; so does what the server lost: it must not stop the others.
local ready = {}

local function release(rid, did, packed)
  call('ZADD', K.pending, now, rid)
  call('SET', K.page .. rid, packed)
  count('waiting', #packed)
  if line_up(rid, did) then ready[#ready + 1] = rid end
end

for _, rid in ipairs(call('ZRANGEBYSCORE', K.embargo, '-inf', now, 'LIMIT', 0, tonumber(ARGV[3]))) do
  local r = call('HMGET', K.record .. rid, 'wd', 'wh')
  local packed = r[1] and unhold(rid, r[1])
  if not r[1] then
    call('ZREM', K.embargo, rid)
  elseif r[2] then
    finish(rid, 'rejected', 'withheld')
  elseif packed then
    release(rid, r[1], packed)
  else
    call('HSET', K.record .. rid, 'x', 'the server no longer has its text')
    finish(rid, 'failed', 'bug')
  end
end
return ready
