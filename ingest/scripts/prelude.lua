-- Shared by every script: the clock, the lanes of waiting work, and the one way a record ends.
-- ARGV[1] milliseconds added to the server's clock (0 outside tests), ARGV[2] RETENTION in milliseconds.
-- A record is active while it is pending, or delivered and looked at again (field rk).
-- Record fields: st state, sg stage, u address, k digest of it, h host, l lane, f feed or '-', g guid, t found, n attempts
-- at the network, c crashes of its page, fe fence, r reason, x detail, d document, e ended or last changed, rk looked at
-- again, lr why that look came to nothing, hint, fx fetches, rb extractor and text an alias was re-based to (commit).
-- Of looks at a delivered page: la when the last one began (s), ln looks since its last change that found nothing, an a feed's
-- word led to this one, nh what a feed says that leads to the next, va its validator ('e' and an ETag, or 'm' and a Last-Modified) and vb a digest of its
-- body, both of the text committed last, gn how often it was not there in a row: times, of them 410, when first (ms).
-- Of a wire's versions: wd document, o order (later is greater), em ms until which it is embargoed, wh withheld, and of these
-- two gk digest of the guid, wa document the guid alone would name.
local call = redis.call
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000) + tonumber(ARGV[1])
local KEEP = tonumber(ARGV[2])
local DAY = 86400000

local function count(name, by) call('HINCRBY', K.counters, name, by) end

local function wake(lane, host)
  local first = call('ZRANGE', K.queue .. lane .. ':' .. host, 0, 0, 'WITHSCORES')
  if #first == 0 then call('ZREM', K.lane .. lane, host) return end
  local free = tonumber(call('HGET', K.host .. host, 'free') or 0)
  call('ZADD', K.lane .. lane, math.max(free, tonumber(first[2])), host)
end

local function push(lane, host, item, due)
  local new = call('ZADD', K.queue .. lane .. ':' .. host, due, item)
  if lane == 'r' and new == 1 then count('planned', 1) end
  wake(lane, host)
end

-- The next look at a delivered record, in `wait` ms; 0: never. From its event on it stands in queue:r of its host, also while
-- it is being looked at: whatever dies, there will be another look.
local function plan(rid, host, wait)
  if wait > 0 then
    push('r', host, 'p' .. rid, now + wait)
  elseif call('ZREM', K.queue .. 'r:' .. host, 'p' .. rid) == 1 then
    count('planned', -1)
    wake('r', host)
  end
end

local function planned(rid, host) return call('ZSCORE', K.queue .. 'r:' .. host, 'p' .. rid) end

-- The next look once this one is over: a feed's word that came meanwhile is heard.
local function plan_next(rid, host, wait)
  local due = call('HEXISTS', K.record .. rid, 'nh') == 1 and tonumber(planned(rid, host) or nil)
  if not (due and wait > 0 and due < now + wait) then plan(rid, host, wait) end
end

local function lane_of(about) return cjson.decode(about).lane or 'f' end -- of a feed's or wire's row in feeds

local function hold_back(host, ms)
  local free = tonumber(call('HGET', K.host .. host, 'free') or 0)
  if now + ms > free then call('HSET', K.host .. host, 'free', now + ms) end
  call('PEXPIRE', K.host .. host, DAY + ms)
end

local function is_active(record)
  local r = call('HMGET', record, 'st', 'rk')
  return r[1] == 'pending' or r[2] == '1'
end

local function held(record, fence)
  return call('HGET', record, 'fe') == fence and is_active(record)
end

local function drop_page(rid)
  local size = call('STRLEN', K.page .. rid)
  if size > 0 then
    call('DEL', K.page .. rid)
    count('waiting', -size)
  end
end

-- What a wire sent is not fetched again: a failed record keeps it as long as itself, for another attempt (see retry).
local function shelve(rid)
  local size = call('STRLEN', K.page .. rid)
  if size > 0 then
    count('waiting', -size)
    call('PEXPIRE', K.page .. rid, KEEP + DAY)
  end
end

local function let_go(rid)
  local r = call('HMGET', K.record .. rid, 'h', 'l')
  call('ZREM', K.leases, 'p' .. rid, 'w' .. rid)
  if r[1] and call('ZREM', K.flight .. r[1], 'p' .. rid) == 1 then wake(r[2] or 'p', r[1]) end
end

local function make_ready(rid)
  call('HSET', K.record .. rid, 'sg', 'ready')
  call('ZADD', K.ready, now, rid)
end

-- What is known of a wire's document is kept as long as a version of it waits or is held, then for RETENTION.
local function keep_wire(did)
  local w = call('HMGET', K.wire .. did, 'h', 'a') -- another name of a document lasts as it does
  if not (w[1] or w[2]) and call('EXISTS', K.versions .. did) == 0 then
    call('PEXPIRE', K.wire .. did, KEEP + DAY)
  end
end

-- A version of a wire's document is at its end: the next one that waits may go to a worker.
local function step_aside(rid, did)
  call('LREM', K.versions .. did, 1, rid)
  keep_wire(did)
  local first = call('LINDEX', K.versions .. did, 0)
  if first and call('HGET', K.record .. first, 'sg') == 'line' then make_ready(first) end
end

local function attach(did, rid)
  local doc = K.doc .. did
  local records = call('HGET', doc, 'rs') or ''
  if not string.find(records, rid, 1, true) and #records < 2000 then
    call('HSET', doc, 'rs', records == '' and rid or records .. ' ' .. rid)
  end
  call('PEXPIRE', doc, KEEP + DAY)
end

-- One more page of a site came to its end: keep its sample (workers/drift.py) and its record. s {site, sample, extractor}.
-- A site holds the samples of 400 pages of one extractor and 20 records; of all sites the 10,000 last seen are kept.
local function observe(rid, s)
  local key = K.site .. s[1]
  local r = call('HMGET', key, 'ex', 'm', 'r')
  if r[1] ~= s[3] then
    r = { s[3], '', '' }
    call('HDEL', key, 'old')
  end
  call('HSET', key, 'ex', s[3], 'm', string.sub((r[2] or '') .. s[2], -1600), 'r', string.sub(rid .. ' ' .. (r[3] or ''), 1, 340))
  call('HINCRBY', key, 'n', 1)
  call('PEXPIRE', key, KEEP + DAY)
  call('ZADD', K.sites, now, s[1])
  if call('ZCARD', K.sites) > 10000 then call('DEL', K.site .. call('ZPOPMIN', K.sites)[1]) end
end

-- From now on a record is kept for RETENTION; `before`: its field e.
local function dated(rid, before)
  local today = math.floor(now / DAY)
  call('HSETNX', K.counters, 'aged_to', today - 2) -- before any record can have ended, also if the clock steps back over midnight
  if not before or math.floor(tonumber(before) / DAY) ~= today then call('RPUSH', K.ended .. today, rid) end
  call('HSET', K.record .. rid, 'e', now)
end

-- The one ending of a record; every state but pending is entered here, and counted once. `seen`: what observe is told of its page.
local function finish(rid, state, reason, seen)
  local record = K.record .. rid
  local r = call('HMGET', record, 'st', 'rk', 'k', 'e', 'l', 'wd')
  let_go(rid)
  if r[6] and state == 'failed' then shelve(rid) else drop_page(rid) end
  if r[6] then step_aside(rid, r[6]) end
  call('ZREM', K.ready, rid)
  call('HDEL', record, 'sg', 'l', 'hint', 'rk', 'c', 'lr')
  if r[2] == '1' and (state == 'rejected' or state == 'failed') then call('HSET', record, 'lr', reason) end
  if r[1] == 'pending' then
    call('HSET', record, 'st', state, 'r', reason)
    count('pending', -1)
    call('ZREM', K.pending, rid)
    count(state, 1)
    call('HINCRBY', K.reasons, state .. ':' .. reason, 1)
    if state == 'rejected' or state == 'failed' then call('ZADD', K.ends .. state, now, rid) end
    if seen and seen[1] then observe(rid, seen) end
  end
  if r[2] == '1' and r[5] == 'r' then return end -- a look of ours lengthens no life; a change does, see look_again
  dated(rid, r[4])
  if r[3] then call('PEXPIRE', K.url .. r[3], KEEP + DAY) end
end

-- One event of a document goes out: stream, counters, the event's index, and the document's history, of which the last twenty stay.
-- Returns its stream id.
local function hand_on(did, id, kind, event)
  local doc = K.doc .. did
  local d = call('HMGET', doc, 'e', 'ev', 'v')
  local sid = call('XADD', K.stream, '*', 'event', event)
  count('events:' .. kind, 1)
  count('stream', #event)
  call('SET', K.event .. string.sub(id, 1, 16), sid, 'PX', KEEP + DAY)
  if d[1] then
    local events = (d[2] and d[2] .. ' ' or '') .. d[1]
    call('HSET', doc, 'ev', #events > 820 and string.sub(events, -819) or events)
  end
  call('HSET', doc, 'e', id, 's', sid, 'v', tonumber(d[3] or 0) + 1)
  return sid
end

-- A host was seen to answer, with a page (`ok`) or a feed (`fed`): see witnessed in claim.
local function answered(host, how)
  call('HSET', K.host .. host, how, now)
  call('PEXPIRE', K.host .. host, DAY)
end

local function doc_at(key)
  local v = key and key ~= '' and call('GET', K.url .. key)
  if v and string.sub(v, 1, 1) == 'd' and call('EXISTS', K.doc .. string.sub(v, 2)) == 1 then return string.sub(v, 2) end
  return nil
end

-- A feed's word led to this look: it was right, or its next words are believed less readily.
local function believe(record, changed)
  local r = call('HMGET', record, 'an', 'f')
  if not r[1] then return end
  call('HDEL', record, 'an')
  local feed = K.feed .. r[2]
  local lies = tonumber(call('HGET', feed, 'lies') or 0)
  if call('EXISTS', feed) == 1 then call('HSET', feed, 'lies', changed and math.floor(lies / 2) or math.min(lies + 1, 20)) end
end

-- A delivered page was read: when it is looked at again, and by which validators its next change is known.
-- c {rv {ms to wait after a change, ms after the same text}, va, vb}. After a change the document's other records rest.
local function look_again(rid, did, c, changed)
  local record = K.record .. rid
  local r = call('HMGET', record, 'h', 'va', 'e')
  local wait = c.rv and c.rv[changed and 1 or 2] or 0
  believe(record, changed)
  call('HDEL', record, 'gn')
  if changed then
    dated(rid, r[3])
    call('HDEL', record, 'ln')
    call('HDEL', K.doc .. did, 'w')
    if r[2] and r[2] == c.va then -- another text behind the same validator
      call('HSET', K.host .. r[1], 'liar', 1)
      call('PEXPIRE', K.host .. r[1], DAY)
    end
    for other in string.gmatch(call('HGET', K.doc .. did, 'rs') or '', '%S+') do
      local host = other ~= rid and call('HGET', K.record .. other, 'h')
      if host then plan(other, host, 0) end
    end
  elseif not planned(rid, r[1]) then
    return
  else
    call('HINCRBY', record, 'ln', 1)
  end
  call('HDEL', record, 'va', 'vb')
  if wait > 0 then call('HSET', record, 'vb', c.vb) end
  if wait > 0 and c.va ~= '' then call('HSET', record, 'va', c.va) end
  plan_next(rid, r[1], wait)
end
