-- A look at a delivered page ends without a worker. ARGV[3] record, ARGV[4] fence, ARGV[5] JSON {wait (ms; 0: never again), hold
-- (ms), reason ('' when the page is unchanged, else why it could not be had), fetch, va (its newest validator), absent {times,
-- of them 410} when it was not there}. Returns 1, or 0 when the lease was lost.
local rid, ask = ARGV[3], cjson.decode(ARGV[5])
local record = K.record .. rid
if not held(record, ARGV[4]) then return 0 end
local r = call('HMGET', record, 'h', 'gn')
call('HSET', record, 'fx', ask.fetch)
if ask.hold > 0 then hold_back(r[1], ask.hold) end
finish(rid, 'delivered', '')
if ask.reason == '' then
  answered(r[1], 'ok')
  call('HDEL', record, 'gn', 'n', 'x')
  call('HINCRBY', record, 'ln', 1)
  if ask.va then call('HSET', record, 'va', ask.va) end
  believe(record, false)
  count('looked:unchanged', 1)
else
  call('HSET', record, 'lr', ask.reason)
  if ask.absent then
    local since = r[2] and string.match(r[2], '%d+$') or string.format('%.0f', now)
    local last = call('HGET', K.host .. r[1], 'miss') -- the two pages that were missing last, for witnessed in claim
    if last and string.sub(last, 1, #rid) ~= rid then call('HSET', K.host .. r[1], 'missed', last) end
    call('HSET', K.host .. r[1], 'miss', rid .. ' ' .. string.format('%.0f', now))
    call('HSET', record, 'gn', ask.absent[1] .. ' ' .. ask.absent[2] .. ' ' .. since)
  end
  count('looked:' .. ask.reason, 1)
end
plan_next(rid, r[1], ask.wait)
return 1
