-- The end of a poll or a visit: what is remembered of the source, and when it is asked again.
-- poll {host, answered, state [field, value, ...], drop [field, ...], due (ms), hold (ms)}; the caller holds its lease.
local function end_poll(fid, poll)
  local feed = K.feed .. fid
  if #poll.drop > 0 then call('HDEL', feed, unpack(poll.drop)) end
  call('HSET', feed, 'h', poll.host, unpack(poll.state))
  if call('HDEL', feed, 'reread') == 1 then call('HDEL', feed, 'etag', 'modified', 'body') end
  if poll.hold > 0 then hold_back(poll.host, poll.hold) end
  if poll.answered then answered(poll.host, 'fed') end
  call('ZREM', K.leases, 'f' .. fid)
  call('ZREM', K.flight .. poll.host, 'f' .. fid)
  local about = call('HGET', K.feeds, fid)
  if about then push(lane_of(about), poll.host, 'f' .. fid, now + poll.due) end
end
