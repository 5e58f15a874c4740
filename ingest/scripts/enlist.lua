-- Make the schedule match the feed list: new feeds are due now, feeds no longer listed keep their marks for RETENTION.
-- ARGV[3] JSON {feed: {u, name, h, lane, every, way}}, `way` for how it is reached. Returns the number of feeds added.
local wanted = cjson.decode(ARGV[3])
local listed = call('HKEYS', K.feeds)
for _, fid in ipairs(listed) do
  if not wanted[fid] then
    call('HDEL', K.feeds, fid)
    call('PEXPIRE', K.feed .. fid, KEEP + DAY)
    call('PEXPIRE', K.seen .. fid, KEEP + DAY)
  end
end
local added = 0
for fid, feed in pairs(wanted) do
  local known = call('HGET', K.feeds, fid)
  call('HSET', K.feeds, fid, cjson.encode(feed))
  local old = known and cjson.decode(known)
  if old and (old.every ~= feed.every or old.way ~= feed.way) and not call('ZSCORE', K.leases, 'f' .. fid) then
    push(feed.lane or 'f', feed.h, 'f' .. fid, now) -- another interval or way counts from now on, also after failures
  end
  if not known then
    added = added + 1
    call('PERSIST', K.feed .. fid)
    call('PERSIST', K.seen .. fid)
    push(feed.lane or 'f', feed.h, 'f' .. fid, now)
  end
end
return added
