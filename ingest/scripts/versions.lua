-- The versions of a wire's document: one goes to a worker at a time, in their order; one under embargo is held.

-- A version goes to a worker, at once or after those before it. True: at once.
local function line_up(rid, did)
  call('PERSIST', K.wire .. did)
  if call('RPUSH', K.versions .. did, rid) == 1 then
    make_ready(rid)
    return true
  end
  call('HSET', K.record .. rid, 'sg', 'line')
  return false
end

-- A version waits for its moment `till` (ms) outside everything that others read, and by all its names.
local function hold(rid, did, till, packed)
  call('SET', K.held .. rid, packed)
  call('ZADD', K.embargo, till, rid)
  call('ZREM', K.pending, rid) -- it waits for nobody here
  call('HSET', K.record .. rid, 'sg', 'held')
  call('HINCRBY', K.record .. rid, 'fe', 1) -- whoever has it in hand has it no longer
  call('HSET', K.wire .. did, 'h', rid)
  call('PERSIST', K.wire .. did)
  local r = call('HMGET', K.record .. rid, 'gk', 'wa')
  if r[1] then call('SET', K.guid .. r[1], rid) end
  if r[2] then call('PERSIST', K.wire .. r[2]) end
end

-- It is held no longer; its text, or nothing where it was not.
local function unhold(rid, did)
  local packed = call('GET', K.held .. rid)
  call('DEL', K.held .. rid)
  call('ZREM', K.embargo, rid)
  if call('HGET', K.wire .. did, 'h') == rid then
    call('HDEL', K.wire .. did, 'h')
    keep_wire(did)
  end
  local r = call('HMGET', K.record .. rid, 'gk', 'wa')
  if r[1] then call('PEXPIRE', K.guid .. r[1], KEEP + DAY) end
  if r[2] then call('PEXPIRE', K.wire .. r[2], KEEP + DAY) end
  return packed
end

-- Whether another version that is not older is held, or waits behind this one.
local function followed(rid, did, order)
  if call('HEXISTS', K.wire .. did, 'h') == 1 then return true end
  for _, other in ipairs(call('LRANGE', K.versions .. did, 0, -1)) do
    if other ~= rid and call('HGET', K.record .. other, 'o') >= order then return true end
  end
  return false
end

-- Nobody may see a version before its moment, whatever the clock did since it was released: it is held again, or ends where
-- another has taken its place. True: nobody works at it now.
local function too_early(rid, did)
  local r = call('HMGET', K.record .. rid, 'em', 'o')
  if not r[1] or now >= tonumber(r[1]) then return false end
  local killed = call('HGET', K.wire .. did, 'k')
  if killed and r[2] <= killed then
    finish(rid, 'rejected', 'killed')
  elseif followed(rid, did, r[2]) then
    finish(rid, 'merged', 'superseded')
  else
    local packed = call('GET', K.page .. rid)
    let_go(rid)
    call('ZREM', K.ready, rid)
    drop_page(rid)
    step_aside(rid, did)
    hold(rid, did, r[1], packed)
  end
  return true
end
