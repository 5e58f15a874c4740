-- A record ends without a document. ARGV[3] record, ARGV[4] fence, ARGV[5] state, ARGV[6] reason, ARGV[7] detail,
-- ARGV[8], ARGV[9], ARGV[10] the page's site, sample and extractor, if a page was read.
-- Returns 1, or 0 when it was not ours to end.
local record = K.record .. ARGV[3]
if not held(record, ARGV[4]) then return 0 end
call('HSET', record, 'x', ARGV[7])
believe(record, false)
finish(ARGV[3], ARGV[5], ARGV[6], { ARGV[8], ARGV[9], ARGV[10] })
return 1
