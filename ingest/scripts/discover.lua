-- with polled
-- Take what one poll found: new records, marks, and (with the last part) the validators that stand for them, in one step.
-- ARGV[3] feed, ARGV[4] fence, ARGV[5] JSON {entries [{m, v, rid, u, k, h, g, gk, hint, end, blob, again, gap}], marks [m, v, ...],
-- old [m, ...], last, host, answered, state [field, value, ...], drop [field, ...], due (ms), hold (ms)}, ARGV[6...] pages carried by entries.
-- An entry with `again` was known and says something new: its page is due, but not within gap (ms) of the last look at it.
-- Returns the number of records discovered, or -1 when the lease was lost.
local fid, fence, poll = ARGV[3], ARGV[4], cjson.decode(ARGV[5])
local feed, seen = K.feed .. fid, K.seen .. fid
if call('HGET', feed, 'fe') ~= fence then return -1 end
local found = 0

local function keep_page(e)
  drop_page(e.rid)
  call('SET', K.page .. e.rid, ARGV[5 + e.blob])
  count('waiting', #ARGV[5 + e.blob])
end

local function not_before(e, last) -- a feed whose words keep coming to nothing is heard less and less often
  return last + e.gap * 2 ^ tonumber(call('HGET', feed, 'lies') or 0)
end

-- The text of an entry that carries it has changed. False: later.
local function told_text(e, record, r)
  if r[1] == 'pending' then
    if r[2] == 'ready' then keep_page(e) end
    return r[2] ~= 'work'
  end
  if r[3] == '1' or now < not_before(e, math.max(tonumber(r[5] or 0) * 1000, tonumber(r[6]))) then return false end
  call('HSET', record, 'rk', 1, 'l', 'r', 'la', math.floor(now / 1000), 'an', 1, 'hint', e.hint)
  keep_page(e)
  make_ready(e.rid)
  return true
end

local function told(e)
  local record = K.record .. e.rid
  local r = call('HMGET', record, 'st', 'sg', 'rk', 'h', 'la', 'e', 'fx', 'd')
  if r[1] ~= 'pending' and r[1] ~= 'delivered' then return true end
  if e.blob and not r[7] then return told_text(e, record, r) end
  local due = planned(e.rid, r[4])
  local alone = not due and r[7] and r[8] and call('HGET', K.doc .. r[8], 'rs') == e.rid -- delivered by an older version
  if r[1] ~= 'delivered' or not (due or alone) then return true end
  local sooner = math.max(now, not_before(e, math.max(tonumber(r[5] or 0) * 1000, tonumber(r[6]))))
  if not due or sooner < tonumber(due) then
    push('r', r[4], 'p' .. e.rid, sooner)
    call('HSET', record, 'nh', e.hint) -- of the next look: the page in hand may be of an earlier state
  end
  return true
end

for _, e in ipairs(poll.entries) do
  if e.again then
    if told(e) then call('HSET', seen, e.m, e.v) else call('HSET', feed, 'reread', 1) end
  elseif call('HSETNX', seen, e.m, e.v) == 1 and call('EXISTS', K.record .. e.rid) == 0 then
    found = found + 1
    count('discovered', 1)
    count('pending', 1)
    call('ZADD', K.pending, now, e.rid)
    local record = K.record .. e.rid
    call('HSET', record, 'st', 'pending', 'f', fid, 't', now, 'u', e.u, 'k', e.k, 'h', e.h)
    if e.g then call('HSET', record, 'g', e.g) end
    if e.gk then call('SET', K.guid .. e.gk, e.rid, 'PX', KEEP + DAY) end
    if e.hint then call('HSET', record, 'hint', e.hint) end
    if e['end'] then
      call('SET', K.url .. e.k, 'r' .. e.rid, 'NX', 'PX', KEEP + DAY)
      finish(e.rid, 'rejected', e['end'])
    elseif e.blob then
      local page = ARGV[5 + e.blob]
      call('SET', K.page .. e.rid, page)
      count('waiting', #page)
      call('SET', K.url .. e.k, 'r' .. e.rid, 'NX', 'PX', KEEP + DAY)
      make_ready(e.rid)
    else
      local did = doc_at(e.k)
      if did then
        attach(did, e.rid)
        call('HSET', record, 'd', did)
        finish(e.rid, 'merged', 'same-address')
      else
        call('HSET', record, 'sg', 'queue', 'l', 'p')
        call('SET', K.url .. e.k, 'r' .. e.rid, 'NX', 'PX', KEEP + DAY)
        push('p', e.h, 'p' .. e.rid, now)
      end
    end
  end
end
if #poll.marks > 0 then call('HSET', seen, unpack(poll.marks)) end
if #poll.old > 0 then call('HDEL', seen, unpack(poll.old)) end
if poll.last then end_poll(fid, poll) end
return found
