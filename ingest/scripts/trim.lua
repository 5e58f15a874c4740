-- Drop the oldest events, up to and including one id. ARGV[3] stream id, ARGV[4] most. Returns how many were dropped.
local old = call('XRANGE', K.stream, '-', ARGV[3], 'COUNT', tonumber(ARGV[4]))
if #old == 0 then return 0 end
local ids, bytes = {}, 0
for _, entry in ipairs(old) do
  ids[#ids + 1] = entry[1]
  bytes = bytes + #entry[2][2]
end
call('XDEL', K.stream, unpack(ids))
count('stream', -bytes)
count('trimmed', #ids)
return #ids
