-- Drop the oldest events, up to and including one id. ARGV[3] stream id, ARGV[4] most. Returns how many were dropped.
local old = call('XRANGE', K.stream, '-', ARGV[3], 'COUNT', tonumber(ARGV[4]))
if #old == 0 then return 0 end
local bytes = 0
for _, entry in ipairs(old) do bytes = bytes + #entry[2][2] end
-- not XDEL: it leaves the server unable to say how far behind a group is
local ms, seq = string.match(old[#old][1], '^(%d+)-(%d+)$')
call('XTRIM', K.stream, 'MINID', string.format('%s-%d', ms, tonumber(seq) + 1))
count('stream', -bytes)
count('trimmed', #old)
return #old
