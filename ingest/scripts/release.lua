-- with versions
-- Let go what was embargoed until now, by the server's clock and nobody else's. ARGV[3] most. Returns the records that need a job.
-- What was withheld without a moment for longer than RETENTION ends.
local ready = {}
for _, rid in ipairs(call('ZRANGEBYSCORE', K.embargo, '-inf', now, 'LIMIT', 0, tonumber(ARGV[3]))) do
  local r = call('HMGET', K.record .. rid, 'wd', 'g', 'wh')
  local packed = unhold(rid, r[1])
  if r[3] then
    finish(rid, 'rejected', 'withheld')
  else
    call('ZADD', K.pending, now, rid)
    call('SET', K.page .. rid, packed)
    count('waiting', #packed)
    if line_up(rid, r[1]) then ready[#ready + 1] = rid end
  end
end
return ready
