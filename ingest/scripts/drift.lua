-- Ring a site's drift alarm, or end it. ARGV[3] site, ARGV[4] rings, returned, settled or gone; to ring: ARGV[5] JSON of the alarm,
-- ARGV[6] what it says, ARGV[7] the samples from before the change. Returns 1, or 0 when there was nothing to do.
local key, name = K.site .. ARGV[3], 'drift ' .. ARGV[3]
if ARGV[4] == 'rings' then
  if call('EXISTS', key) == 0 then return 0 end
  call('HSET', key, 'al', ARGV[5], 'old', ARGV[7])
  call('HSET', K.alarms, name, ARGV[6])
  return 1
end
local r = call('HMGET', key, 'al', 'old', 'm')
if r[1] then
  local m = r[3] or ''
  if ARGV[4] == 'returned' then -- what lay between is no measure of the site
    m = string.sub((r[2] or '') .. string.sub(m, -48), -1600)
  elseif ARGV[4] == 'settled' then
    m = string.sub(m, -400)
  end
  call('HSET', key, 'm', m)
  call('HDEL', key, 'al', 'old')
end
return call('HDEL', K.alarms, name)
