-- A document's page is gone for good, or its agency killed it: say so once. ARGV[3] record, ARGV[4] fence, ARGV[5] JSON {keys (digests of every address
-- that was asked), last (the document's last event when it was looked at), id, wait (ms until it is looked at again), wire (its
-- agency withdraws it: the rest counts for nothing)}, ARGV[6] the event. Returns {word, document, stream id, version}:
--   done       the event is in the stream       withdrawn  it was withdrawn before
--   kept       no address of its own was asked, or it has changed since
--   ended      the record was at its end        fenced     another holder has it
--   again      build the event anew: another one went out meanwhile
--   stopped    nothing is out any more, or a later version is
local rid, c = ARGV[3], cjson.decode(ARGV[5])
local record = K.record .. rid
local r = call('HMGET', record, 'fe', 'd', 'h', 'e', 'wd', 'o')
local did = r[5] or r[2] or ''
if not is_active(record) then return { 'ended', did, '', 0 } end
if r[1] ~= ARGV[4] then return { 'fenced', '', '', 0 } end
local doc = K.doc .. did
local d = call('HMGET', doc, 'o', 'i', 'e', 'v', 's', 'w')

local function end_look(word, sid, version)
  finish(rid, 'delivered', '')
  call('HDEL', record, 'gn')
  if planned(rid, r[3]) then plan(rid, r[3], c.wait) end
  return { word, did, sid or '', version }
end

if c.wire then
  local version = tonumber(d[4] or 0)
  local out = call('HGET', K.wire .. did, 'd')
  if not d[3] or (out and r[6] < out) then -- it waited long, or failed once and was tried again
    finish(rid, d[3] and 'merged' or 'rejected', d[3] and 'superseded' or 'nothing-out')
    return { 'stopped', did, '', version }
  end
  if d[3] ~= c.last and d[6] ~= '1' then return { 'again', did, d[3], version } end
  call('HSET', record, 'd', did)
  attach(did, rid)
  if d[6] == '1' then
    finish(rid, 'merged', 'same-document')
    return { 'withdrawn', did, d[5], version }
  end
  local sid = hand_on(did, c.id, 'withdrawn', ARGV[6])
  call('HSET', doc, 'w', 1)
  finish(rid, 'delivered', 'withdrawn')
  return { 'done', did, sid, version + 1 }
end

local own = false
for _, key in ipairs(c.keys) do own = own or key == d[1] or key == d[2] end
local version = tonumber(d[4] or 0)
if d[6] == '1' then return end_look('withdrawn', d[5], version) end
if not own or d[3] ~= c.last then return end_look('kept', d[5], version) end

local sid = hand_on(did, c.id, 'withdrawn', ARGV[6])
call('HSET', doc, 'w', 1)
call('PEXPIRE', doc, KEEP + DAY)
call('PEXPIRE', K.url .. d[1], KEEP + DAY)
if d[2] then call('PEXPIRE', K.url .. d[2], KEEP + DAY) end
local answer = end_look('done', sid, version + 1)
dated(rid, r[4]) -- as long as its end is told, a return can be told as well
return answer
