-- A page made its process fail. ARGV[3] record, ARGV[4] fence, ARGV[5] reason, ARGV[6] attempts allowed, ARGV[7] detail.
-- Returns 1 when it may be tried again (it is ready), 0 when it has ended or was not ours.
local rid = ARGV[3]
local record = K.record .. rid
if not held(record, ARGV[4]) then return 0 end
if call('HGET', record, 'sg') ~= 'work' then return 1 end -- a repeated call counts once
local crashes = call('HINCRBY', record, 'c', 1)
call('HSET', record, 'x', ARGV[7])
if crashes >= tonumber(ARGV[6]) then
  finish(rid, 'failed', ARGV[5])
  return 0
end
let_go(rid)
make_ready(rid)
return 1
