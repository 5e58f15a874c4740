-- Reserve the next slot of a host for one more request (a redirect's hop, robots.txt). ARGV[3] host, ARGV[4] delay in ms.
-- Returns the milliseconds to wait.
local host = ARGV[3]
local own = tonumber(call('HGET', K.host .. host, 'delay') or 0)
local free = tonumber(call('HGET', K.host .. host, 'free') or 0)
local slot = math.max(now, free)
call('HSET', K.host .. host, 'free', slot + math.max(own, tonumber(ARGV[4])))
call('PEXPIRE', K.host .. host, DAY)
return slot - now
