-- Make the schedule match the feed list: new feeds are due now, feeds no longer listed keep their marks for RETENTION.
-- ARGV[3] JSON {feed: {u, name, h, lane}}. Returns the number of feeds added.
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
  if known and cjson.decode(known).every ~= feed.every and not call('ZSCORE', K.leases, 'f' .. fid) then
    push(feed.lane or 'f', feed.h, 'f' .. fid, now) -- another interval counts from now on, not from the end of the old one
  end
  if not known then
    added = added + 1
    call('PERSIST', K.feed .. fid)
    call('PERSIST', K.seen .. fid)
    push(feed.lane or 'f', feed.h, 'f' .. fid, now)
  end
end
return added
