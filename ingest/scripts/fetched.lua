-- A page has come: leave it for a worker. ARGV[3] record, ARGV[4] fence, ARGV[5] page, ARGV[6] JSON of the fetch for `why`,
-- ARGV[7] 1 when the page says only that the document is gone. Returns 1, or 0 when the lease was lost.
local rid = ARGV[3]
local record = K.record .. rid
if not held(record, ARGV[4]) then return 0 end
drop_page(rid) -- a repeated call, or an earlier holder's page
call('SET', K.page .. rid, ARGV[5])
count('waiting', #ARGV[5])
call('HSET', record, 'fx', ARGV[6])
call('HDEL', record, 'n', 'x')
local host = call('HGET', record, 'h')
call('HDEL', K.host .. host, 'fails')
if ARGV[7] ~= '1' then
  call('HDEL', record, 'gn')
  answered(host, 'ok')
end
let_go(rid)
make_ready(rid)
return 1
