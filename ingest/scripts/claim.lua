-- Hand out work that is due, at most what each host bears: the one place where politeness is decided, for feeds and pages,
-- however many pollers ask. ARGV[3] JSON {lease, delay (ms), each (requests in flight per host), lanes [[name, number]],
-- bytes (most page bytes waiting), pages (most pages waiting)}. Returns JSON [{kind, id, fence, host, ...}].
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

local function serve(lane, host, most)
  local queue = K.queue .. lane .. ':' .. host
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
    call('ZREM', queue, item)
    looked = looked + 1
    local kind, id = string.sub(item, 1, 1), string.sub(item, 2)
    local handed
    if kind == 'f' then handed = hand_feed(id, host) else handed = hand_page(lane, id, host) end
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
  if not ((lane == 'p' and (full or paused)) or (lane == 'f' and paused)) then
    for _, host in ipairs(call('ZRANGEBYSCORE', K.lane .. lane, '-inf', now, 'LIMIT', 0, left * 2 + 10)) do
      if left <= 0 then break end
      left = left - serve(lane, host, left)
    end
  end
end
if #out == 0 then return '[]' end
return cjson.encode(out)
