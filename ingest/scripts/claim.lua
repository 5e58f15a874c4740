-- Hand out work that is due, at most what each host bears: the one place where politeness is decided, for feeds and pages,
-- however many pollers ask. ARGV[3] JSON {lease, delay (ms), each (requests in flight per host), lanes [[name, number]],
-- bytes (most page bytes waiting), pages (most pages waiting), looks (at delivered pages, most a minute), first (ms, the
-- shortest wait between two of them)}. Returns JSON [{kind, id, fence, host, ...}].
local ask = cjson.decode(ARGV[3])
local till = now + ask.lease
local out = {}

local function hand_feed(fid, host)
  local feed = call('HGET', K.feeds, fid)
  if not feed then return false end
  local fence = call('HINCRBY', K.feed .. fid, 'fe', 1)
  call('HSET', K.feed .. fid, 'h', host)
  out[#out + 1] = { kind = 'f', id = fid, fence = tostring(fence), host = host, feed = cjson.decode(feed) }
  return true
end

local function hand_page(lane, rid, host)
  local record = K.record .. rid
  local r = call('HMGET', record, 'st', 'rk', 'f', 'k', 'u', 'n', 't', 'sg')
  if r[1] ~= 'pending' and r[2] ~= '1' then return false end
  if r[8] ~= 'queue' then return false end -- its page came after all, from a holder thought lost
  if r[1] == 'pending' and r[3] ~= '-' then -- the same address may have become a document, or be under way, by another way
    local did = doc_at(r[4])
    if did then
      attach(did, rid)
      call('HSET', record, 'd', did)
      finish(rid, 'merged', 'same-address')
      return false
    end
    local v = call('GET', K.url .. r[4])
    local other = v and string.sub(v, 2)
    if other and other ~= rid and string.sub(v, 1, 1) == 'r' and is_active(K.record .. other) then
      push(lane, host, 'p' .. rid, now + 2000)
      return false
    end
    call('SET', K.url .. r[4], 'r' .. rid, 'PX', KEEP + DAY)
  end
  local fence = call('HINCRBY', record, 'fe', 1)
  call('HSET', record, 'sg', 'fetch')
  out[#out + 1] = { kind = 'p', id = rid, fence = tostring(fence), host = host, url = r[5], feed = r[3],
                    tries = tonumber(r[6] or 0), found = tonumber(r[7]) }
  return true
end

-- Whether the host answers otherwise since a page was first missing: another page of it, or a feed while no other page is missing.
local function witnessed(rid, host, since)
  local h = call('HMGET', K.host .. host, 'ok', 'fed', 'miss', 'missed')
  local other = h[3] or ''
  if string.sub(other, 1, #rid) == rid then other = h[4] or '' end
  local missing = tonumber(string.match(other, '%d+$') or 0) >= since
  return tonumber(h[1] or 0) > since or (tonumber(h[2] or 0) > since and not missing)
end

-- A delivered page whose time for another look has come; the validators of its text are told unless this host's lie.
local function hand_look(rid, host)
  local record = K.record .. rid
  local r = call('HMGET', record, 'st', 'rk', 'l', 'sg', 'd', 'u', 'f', 't', 'e', 'va', 'vb', 'ln', 'gn', 'nh')
  local d = call('HMGET', K.doc .. (r[5] or ''), 'o', 'i', 'e', 'w')
  local still = now - tonumber(r[9] or 0)
  if r[1] ~= 'delivered' or not d[3] or still >= KEEP then
    plan(rid, host, 0)
    return false
  end
  if r[2] == '1' and not (r[3] == 'r' and r[4] == 'queue') then -- it is being looked at already
    plan(rid, host, ask.first)
    return false
  end
  plan(rid, host, math.max(ask.first, math.min(still, DAY))) -- should nobody end this look with a better time
  local fence = call('HINCRBY', record, 'fe', 1)
  call('HSET', record, 'rk', 1, 'l', 'r', 'sg', 'fetch', 'la', math.floor(now / 1000))
  if r[14] then
    call('HSET', record, 'hint', r[14], 'an', 1)
    call('HDEL', record, 'nh')
  end
  local h = call('HMGET', K.host .. host, 'liar')
  local since = r[13] and tonumber(string.match(r[13], '%d+$'))
  local look = { looks = tonumber(r[12] or 0), still = still, age = now - tonumber(r[8]), last = d[3],
                 own = (d[1] or '') .. ' ' .. (d[2] or ''), withdrawn = d[4] == '1' }
  if not look.withdrawn then -- a page that returns is news even with the same text
    look.body = r[11] or ''
    look.validator = h[1] and '' or r[10] or ''
  end
  if since then
    look.absent = r[13]
    look.span = now - since
    look.answered = witnessed(rid, host, since)
  end
  out[#out + 1] = { kind = 'p', id = rid, fence = tostring(fence), host = host, url = r[6], feed = r[7],
                    tries = 0, found = tonumber(r[8]), look = look }
  return true
end

local function in_line(lane, host) -- whether anything of this lane is due at the host
  return #call('ZRANGEBYSCORE', K.queue .. lane .. ':' .. host, '-inf', now, 'LIMIT', 0, 1) > 0
end

local pause = ask.looks and ask.looks > 0 and math.ceil(60000 / ask.looks) -- ms one look takes of the budget

local function looks_left() -- at most a second's worth at once, whoever asks
  if not pause then return 0 end
  local spent = math.max(now, tonumber(call('HGET', K.looks, 'spent') or 0))
  return math.floor((now + math.max(pause, 1000) - spent) / pause)
end

local function spend(looks)
  if looks == 0 then return end
  local r = call('HMGET', K.looks, 'spent', 'hour', 'n')
  local hour = math.floor(now / 3600000)
  if r[2] ~= tostring(hour) then
    call('HSET', K.looks, 'hour', hour, 'n', 0, 'before', tonumber(r[2]) == hour - 1 and r[3] or 0)
  end
  call('HSET', K.looks, 'spent', string.format('%.0f', math.max(now, tonumber(r[1] or 0)) + looks * pause))
  call('HINCRBY', K.looks, 'n', looks)
end

local function serve(lane, host, most)
  local queue = K.queue .. lane .. ':' .. host
  if lane == 'r' and (in_line('u', host) or in_line('p', host)) then -- what is new goes first
    call('ZADD', K.lane .. lane, now + 1000, host)
    return 0
  end
  local flight = K.flight .. host
  call('ZREMRANGEBYSCORE', flight, '-inf', now)
  local under_way = call('ZCARD', flight)
  local given, looked = 0, 0
  local own = tonumber(call('HGET', K.host .. host, 'delay') or 0)
  local delay = math.max(ask.delay, own)
  while given < most and looked < 50 do
    local free = tonumber(call('HGET', K.host .. host, 'free') or 0)
    if free > now then break end
    if under_way >= ask.each then
      call('ZADD', K.lane .. lane, now + 100, host)
      return given
    end
    local item = call('ZRANGEBYSCORE', queue, '-inf', now, 'LIMIT', 0, 1)[1]
    if not item then break end
    if lane ~= 'r' then call('ZREM', queue, item) end
    looked = looked + 1
    local kind, id = string.sub(item, 1, 1), string.sub(item, 2)
    local handed
    if kind == 'f' then
      handed = hand_feed(id, host)
    elseif lane == 'r' then
      handed = hand_look(id, host)
    else
      handed = hand_page(lane, id, host)
    end
    if handed then
      given = given + 1
      under_way = under_way + 1
      call('ZADD', K.leases, till, item)
      call('ZADD', flight, till, item)
      call('PEXPIRE', flight, DAY)
      hold_back(host, delay)
    end
  end
  wake(lane, host)
  return given
end

local waiting = tonumber(call('HGET', K.counters, 'waiting') or 0)
local full = waiting >= ask.bytes or call('ZCARD', K.ready) >= ask.pages
local paused = call('HGET', K.alarms, 'paused')
for _, want in ipairs(ask.lanes) do
  local lane, left = want[1], want[2]
  local looking = lane == 'r'
  local bulky = lane == 'p' or lane == 'w' or looking
  if not ((bulky and (full or paused)) or (lane == 'f' and paused)) then
    if looking then left = math.min(left, looks_left()) end
    local most = left
    for _, host in ipairs(call('ZRANGEBYSCORE', K.lane .. lane, '-inf', now, 'LIMIT', 0, left * 2 + 10)) do
      if left <= 0 then break end
      left = left - serve(lane, host, left)
    end
    if looking then spend(most - left) end
  end
end
if #out == 0 then return '[]' end
return cjson.encode(out)
