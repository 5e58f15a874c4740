-- Forget records that ended longer than RETENTION ago. ARGV[3] most. Returns how many were looked at; call again while it is not 0.
local last = math.floor((now - KEEP) / DAY) - 1
local first = tonumber(call('HGET', K.counters, 'aged_to') or last)
local looked = 0
while first < last and looked < tonumber(ARGV[3]) do
  local list = K.ended .. (first + 1)
  local rid = call('LPOP', list)
  if not rid then
    first = first + 1
    call('HSET', K.counters, 'aged_to', first)
  else
    looked = looked + 1
    local r = call('HMGET', K.record .. rid, 'st', 'e', 'h')
    if r[1] and not is_active(K.record .. rid) and math.floor(tonumber(r[2]) / DAY) == first + 1 then
      call('DEL', K.record .. rid)
      if r[3] then plan(rid, r[3], 0) end
      call('ZREM', K.ends .. r[1], rid)
      count('aged:' .. r[1], 1)
    end
  end
end
return looked
