-- with versions
-- A worker takes a waiting page. ARGV[3] record, ARGV[4] lease in ms at most. Returns {fields of the record, now and lease (ms),
-- feed, page} or nothing.
local rid = ARGV[3]
local record = K.record .. rid
if call('ZREM', K.ready, rid) == 0 then return {} end
local page = call('GET', K.page .. rid)
if not page or not is_active(record) then return {} end
local wire = call('HGET', record, 'wd')
if wire and too_early(rid, wire) then return {} end
local fence = call('HINCRBY', record, 'fe', 1)
call('HSET', record, 'sg', 'work')
local lease = tonumber(ARGV[4])
if wire then lease = math.min(lease, 800 + math.floor(#page / 20)) end -- an item takes milliseconds, and may be urgent
call('ZADD', K.leases, now + lease, 'w' .. rid)
local fid = call('HGET', record, 'f')
local feed = fid ~= '-' and call('HGET', K.feeds, fid) or ''
local fields = call('HGETALL', record)
fields[#fields + 1] = 'now'
fields[#fields + 1] = string.format('%.0f', now)
fields[#fields + 1] = 'lease'
fields[#fields + 1] = string.format('%.0f', lease)
return { cjson.encode(fields), feed or '', page }
