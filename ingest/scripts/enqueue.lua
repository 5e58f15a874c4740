-- Put addresses entered by hand at the head of the line. ARGV[3] JSON [{rid, u, k, h, tags}].
-- Returns one word each: new, again (looked at once more), waiting (already under way).
local out = {}
for _, e in ipairs(cjson.decode(ARGV[3])) do
  local record = K.record .. e.rid
  local st = call('HGET', record, 'st')
  local word = 'again'
  if not st then
    word = 'new'
    count('discovered', 1)
    count('pending', 1)
    call('ZADD', K.pending, now, e.rid)
    call('HSET', record, 'st', 'pending', 'f', '-', 't', now, 'u', e.u, 'k', e.k, 'h', e.h)
    call('SET', K.url .. e.k, 'r' .. e.rid, 'NX', 'PX', KEEP + DAY)
  elseif is_active(record) then
    word = 'waiting'
  elseif st == 'delivered' then
    call('HSET', record, 'rk', '1')
  else
    count(st, -1)
    count('pending', 1)
    call('ZREM', K.ends .. st, e.rid)
    call('ZADD', K.pending, now, e.rid)
    call('HSET', record, 'st', 'pending')
  end
  if e.tags then call('HSET', record, 'tags', e.tags) end
  if word ~= 'waiting' then
    call('HDEL', record, 'n', 'c')
    call('HSET', record, 'sg', 'queue', 'l', 'u')
    push('u', e.h, 'p' .. e.rid, 1)
  elseif call('HGET', record, 'sg') == 'queue' and call('HGET', record, 'l') ~= 'u' then
    call('ZREM', K.queue .. 'p:' .. e.h, 'p' .. e.rid)
    call('HSET', record, 'l', 'u')
    push('u', e.h, 'p' .. e.rid, 1)
  end
  out[#out + 1] = word
end
return out
