-- Keep work that is still being done. ARGV[3] lease in ms, then pairs: item, fence. Returns the items that are no longer ours.
local till = now + tonumber(ARGV[3])
local lost = {}
for i = 4, #ARGV, 2 do
  local item, fence = ARGV[i], ARGV[i + 1]
  local kind, id = string.sub(item, 1, 1), string.sub(item, 2)
  local key = (kind == 'f' and K.feed or K.record) .. id
  if call('HGET', key, 'fe') == fence and call('ZSCORE', K.leases, item) then
    call('ZADD', K.leases, till, item)
    local host = call('HGET', key, 'h')
    if host then call('ZADD', K.flight .. host, 'XX', till, item) end
  else
    lost[#lost + 1] = item
  end
end
return lost
