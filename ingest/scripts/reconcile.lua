-- Take up what outlived its lease, and pages whose job was lost. ARGV[3] most, ARGV[4] how many waiting pages have no job,
-- ARGV[5] ms a page must have waited. Returns the records that need a job.
local jobs = {}
for _, item in ipairs(call('ZRANGEBYSCORE', K.leases, '-inf', now, 'LIMIT', 0, tonumber(ARGV[3]))) do
  local kind, id = string.sub(item, 1, 1), string.sub(item, 2)
  local key = (kind == 'f' and K.feed or K.record) .. id
  local r = call('HMGET', key, 'h', 'l')
  call('ZREM', K.leases, item)
  if r[1] then call('ZREM', K.flight .. r[1], item) end
  if kind == 'f' then
    local feed = call('HGET', K.feeds, id)
    if feed then push(lane_of(feed), cjson.decode(feed).h, item, now) end
  elseif is_active(key) then
    if kind == 'w' and call('EXISTS', K.page .. id) == 1 then
      make_ready(id)
      jobs[#jobs + 1] = id
    else
      call('HSET', key, 'sg', 'queue')
      push(r[2] or 'p', r[1], 'p' .. id, now)
    end
  end
end
local missing = tonumber(ARGV[4])
if missing > 0 then
  for _, rid in ipairs(call('ZRANGEBYSCORE', K.ready, '-inf', now - tonumber(ARGV[5]), 'LIMIT', 0, missing)) do
    call('ZADD', K.ready, now, rid)
    jobs[#jobs + 1] = rid
  end
end
return jobs
