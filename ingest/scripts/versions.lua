-- The versions of a wire's document: one goes to a worker at a time, in their order; one under embargo is held.

-- A version goes to a worker, at once or after those before it. True: at once.
local function line_up(rid, did)
  if call('RPUSH', K.versions .. did, rid) == 1 then
    make_ready(rid)
    return true
  end
  call('HSET', K.record .. rid, 'sg', 'line')
  return false
end

-- A version waits for its moment `till` (ms) outside everything that others read.
local function hold(rid, did, till, packed)
  call('SET', K.held .. rid, packed)
  call('ZADD', K.embargo, till, rid)
  call('ZREM', K.pending, rid) -- it waits for nobody here
  call('HSET', K.record .. rid, 'sg', 'held')
  call('HSET', K.wire .. did, 'h', rid)
  call('PERSIST', K.wire .. did)
end

-- It is held no longer; its text, or nothing where it was not.
local function unhold(rid, did)
  local packed = call('GET', K.held .. rid)
  call('DEL', K.held .. rid)
  call('ZREM', K.embargo, rid)
  if call('HGET', K.wire .. did, 'h') == rid then
    call('HDEL', K.wire .. did, 'h')
    call('PEXPIRE', K.wire .. did, KEEP + DAY)
  end
  return packed
end

-- Nobody may see a version before its moment, whatever the clock did since it was released. True: it is held again.
local function too_early(rid, did)
  local till = call('HGET', K.record .. rid, 'em')
  if not till or now >= tonumber(till) then return false end
  local packed = call('GET', K.page .. rid)
  call('LREM', K.versions .. did, 1, rid)
  let_go(rid)
  call('ZREM', K.ready, rid)
  drop_page(rid)
  hold(rid, did, till, packed)
  return true
end
