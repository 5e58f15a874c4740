-- A fetch did not succeed: wait, or end. ARGV[3] record, ARGV[4] fence, ARGV[5] JSON {wait, hold (ms), tries, reason, detail,
-- fetch, state}: with `state` the record ends in it. hold keeps the whole host free of requests. Returns 1, or 0 when the lease was lost.
local rid, ask = ARGV[3], cjson.decode(ARGV[5])
local record = K.record .. rid
if not held(record, ARGV[4]) then return 0 end
local r = call('HMGET', record, 'h', 'l', 'st')
call('HSET', record, 'n', ask.tries, 'x', ask.detail)
if ask.fetch then call('HSET', record, 'fx', ask.fetch) end
if ask.hold > 0 then hold_back(r[1], ask.hold) end
if ask.state then
  finish(rid, ask.state, ask.reason)
else
  let_go(rid)
  call('HSET', record, 'sg', 'queue')
  if r[3] == 'pending' then call('HSET', record, 'r', ask.reason) end
  push(r[2] or 'p', r[1], 'p' .. rid, now + ask.wait)
end
return 1
