-- Put ended records back to the start. ARGV[3...] records. Returns how many were put back.
local done = 0
for i = 3, #ARGV do
  local rid = ARGV[i]
  local r = call('HMGET', K.record .. rid, 'st', 'h')
  if r[1] == 'failed' or r[1] == 'rejected' then
    count(r[1], -1)
    count('pending', 1)
    call('ZADD', K.pending, now, rid)
    call('ZREM', K.ends .. r[1], rid)
    call('HDEL', K.record .. rid, 'n', 'c', 'r', 'x')
    call('HSET', K.record .. rid, 'st', 'pending', 'sg', 'queue', 'l', 'u')
    push('u', r[2], 'p' .. rid, now)
    done = done + 1
  end
end
return done
