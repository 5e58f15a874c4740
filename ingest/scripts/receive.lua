-- with polled versions
-- Take the items of one message: records, and what each does to its document, in one step. ARGV[3] wire, ARGV[4] fence,
-- ARGV[5] JSON {
--   items [{rid, did, rp (documents it says it replaces), undated (says no moment), u, uk (digest of u where that is an address),
--     k, h, g, gk, o (order),
--     act 'text': till (ms of its embargo), withheld, blob
--     act 'kill': alarm (name and text, if nobody knows what it withdraws), blob; or, of what is no text itself, reason and x
--     act 'end':  state, reason, x}],
--   marks [m, v, ...], old [m, ...], keep [field, value, ...] (of the wire's state), bytes, pages (how much may wait for workers),
--   last, and of the last part what end_poll takes},
-- ARGV[6...] the items that go to workers, packed.
-- Returns JSON {new, full, ready [records that need a job]}, or nothing when the lease was lost.
local fid, fence, part = ARGV[3], ARGV[4], cjson.decode(ARGV[5])
if call('HGET', K.feed .. fid, 'fe') ~= fence then return false end
local found, ready = 0, {}

-- The document that goes by the first of these names that is known; nothing where none is.
local function known_as(names)
  for _, name in ipairs(names) do
    if call('EXISTS', K.wire .. name) == 1 then return call('HGET', K.wire .. name, 'a') or name end
  end
end

-- The document an item belongs to: some agencies give each version an id of its own, and name the one it replaces, which
-- may come later.
local function home(e)
  local names = { e.did, unpack(e.rp or {}) }
  local did = known_as(names) or e.did
  if did ~= e.did and call('PTTL', K.wire .. e.did) > 0 then call('PEXPIRE', K.wire .. e.did, KEEP + DAY) end
  for _, name in ipairs(names) do
    if name ~= did and call('EXISTS', K.wire .. name) == 0 then
      call('HSET', K.wire .. name, 'a', did)
      call('PEXPIRE', K.wire .. name, KEEP + DAY)
    end
  end
  return did
end

local function begin(e)
  found = found + 1
  count('discovered', 1)
  count('pending', 1)
  call('ZADD', K.pending, now, e.rid)
  call('HSET', K.record .. e.rid, 'st', 'pending', 'f', fid, 't', now, 'u', e.u, 'k', e.k, 'h', e.h)
  if e.g then call('HSET', K.record .. e.rid, 'g', e.g) end
  if e.did then call('HSET', K.record .. e.rid, 'wd', e.did) end
  if e.gk and call('PTTL', K.guid .. e.gk) ~= -1 then -- that leads to one that is held
    call('SET', K.guid .. e.gk, e.rid, 'PX', KEEP + DAY)
  end
  if e.uk then call('SET', K.url .. e.uk, 'r' .. e.rid, 'NX', 'PX', KEEP + DAY) end -- for why; the page is fetched all the same
end

local function keep_page(e)
  local packed = ARGV[5 + e.blob]
  call('SET', K.page .. e.rid, packed)
  count('waiting', #packed)
  if line_up(e.rid, e.did) then ready[#ready + 1] = e.rid end
end

-- Whatever of the document has not gone out never will.
local function stop_others(e)
  for _, rid in ipairs(call('LRANGE', K.versions .. e.did, 0, -1)) do
    if call('HGET', K.record .. rid, 'sg') ~= 'work' then finish(rid, 'rejected', 'killed') end -- that one its commit stops
  end
  local held = call('HGET', K.wire .. e.did, 'h')
  if held then
    unhold(held, e.did)
    finish(held, 'rejected', 'killed')
  end
end

local function kill(e, known)
  if not known and e.alarm then -- nobody can say which text is meant: a person must
    call('HSET', K.alarms, e.alarm[1], e.alarm[2])
    call('HSET', K.record .. e.rid, 'x', 'no such document came by this wire')
  end
  call('HSET', K.wire .. e.did, 'k', e.o, 'o', e.o)
  if not known and e.reason then -- of a picture, or of a package: no text is meant
    call('HSET', K.record .. e.rid, 'x', e.x)
    return finish(e.rid, 'rejected', e.reason)
  end
  stop_others(e)
  local d = call('HMGET', K.doc .. e.did, 'e', 'w')
  if not d[1] then
    call('HSETNX', K.record .. e.rid, 'x', 'what it withdraws never went out')
    return finish(e.rid, 'rejected', 'nothing-out')
  end
  if d[2] then
    call('HSET', K.record .. e.rid, 'd', e.did)
    attach(e.did, e.rid)
    return finish(e.rid, 'merged', 'same-document')
  end
  keep_page(e)
end

local function offer(e, w)
  call('HSET', K.wire .. e.did, 'o', e.o)
  if w.h then -- only the last of the held versions goes out
    unhold(w.h, e.did)
    finish(w.h, 'merged', 'superseded')
  end
  if e.till then call('HSET', K.record .. e.rid, 'em', string.format('%.0f', e.till)) end
  if e.withheld then call('HSET', K.record .. e.rid, 'wh', 1) end
  if e.till or e.withheld then
    if e.gk then call('HSET', K.record .. e.rid, 'gk', e.gk) end
    if e.did ~= e.own then call('HSET', K.record .. e.rid, 'wa', e.own) end
  end
  if (e.till and now < e.till) or e.withheld then
    hold(e.rid, e.did, string.format('%.0f', e.till or now + KEEP), ARGV[5 + e.blob])
  else
    keep_page(e)
  end
end

-- Order of a version, seen by what came before: one that says no moment comes after that, however a clock was set back in
-- between; and one without a number is not older than another of the same moment.
local function placed(e, newest)
  if not newest or e.o >= newest then return e.o end
  local at, last = tonumber(e.o:sub(1, 15)), tonumber(newest:sub(1, 15))
  if e.undated and at < last then return string.format('%015.0f', last + 1) .. e.o:sub(16) end
  if at == last and #e.o == 16 then return newest end
  return e.o
end

local function take(e)
  if e.act == 'end' then
    call('HSET', K.record .. e.rid, 'x', e.x)
    return finish(e.rid, e.state, e.reason)
  end
  local v = call('HMGET', K.wire .. e.did, 'o', 'k', 'h')
  e.o = placed(e, v[1])
  call('HSET', K.record .. e.rid, 'o', e.o)
  if v[2] and e.o <= v[2] then return finish(e.rid, 'rejected', 'killed') end
  if v[1] and e.o < v[1] then return finish(e.rid, 'merged', 'superseded') end
  if e.act == 'kill' then kill(e, v[1]) else offer(e, { h = v[3] }) end
end

for _, e in ipairs(part.items) do
  if call('EXISTS', K.record .. e.rid) == 0 then
    e.own = e.did
    if e.act ~= 'end' then e.did = home(e) end
    begin(e)
    take(e)
  end
end
for i = 1, #part.marks, 2 do call('HSET', K.seen .. fid, part.marks[i], part.marks[i + 1]) end -- more than Lua unpacks
for _, mark in ipairs(part.old) do call('HDEL', K.seen .. fid, mark) end
if #part.keep > 0 then call('HSET', K.feed .. fid, unpack(part.keep)) end
if part.last then end_poll(fid, part) end
local full = tonumber(call('HGET', K.counters, 'waiting') or 0) >= part.bytes or call('ZCARD', K.ready) >= part.pages
return cjson.encode({ new = found, full = full, ready = #ready > 0 and ready or nil })
