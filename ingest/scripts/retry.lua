-- with versions
-- Put ended records back to the start. ARGV[3...] records. Returns how many were put back. What a wire sent is not fetched
-- again: it waits beside its failed record, and without it there is nothing to try.
local done = 0

local function begin_again(rid, state)
  count(state, -1)
  count('pending', 1)
  call('ZADD', K.pending, now, rid)
  call('ZREM', K.ends .. state, rid)
  call('HDEL', K.record .. rid, 'n', 'c', 'r', 'x')
  call('HSET', K.record .. rid, 'st', 'pending')
  done = done + 1
end

for i = 3, #ARGV do
  local rid = ARGV[i]
  local r = call('HMGET', K.record .. rid, 'st', 'h', 'wd')
  local ended = r[1] == 'failed' or r[1] == 'rejected'
  local sent = call('STRLEN', K.page .. rid)
  if ended and string.sub(r[2], 1, 5) ~= 'wire ' then
    begin_again(rid, r[1])
    call('HSET', K.record .. rid, 'sg', 'queue', 'l', 'u')
    push('u', r[2], 'p' .. rid, now)
  elseif ended and r[3] and sent > 0 then
    begin_again(rid, r[1])
    call('PERSIST', K.page .. rid)
    count('waiting', sent)
    line_up(rid, r[3])
  end
end
return done
