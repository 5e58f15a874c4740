-- Documents that brought something of their own, and the stories they stand for. Shared by commit and relate.
--   member:E:B   hash: number -> a document's uri, its story's founder and its sketch; 'r' .. number of a founder -> the members
--                that stand for its story
--   story:D      list: the documents of a story, by its founder, for `why`
local STAND = 6 -- members that stand for a story

local function place(epoch, number) return K.member .. epoch .. ':' .. floor(number / 16) end

local function refer(epoch, number)
  return char(floor(epoch / 256) % 256, epoch % 256, floor(number / 65536), floor(number / 256) % 256, number % 256)
end

local function referred(ref)
  local e1, e2, n1, n2, n3 = byte(ref, 1, 5)
  local epoch = floor(EPOCH / 65536) * 65536 + e1 * 256 + e2
  if epoch > EPOCH then epoch = epoch - 65536 end
  return epoch, (n1 * 256 + n2) * 256 + n3
end

local function bytes_of(hex) return (string.gsub(hex, '%x%x', function(two) return char(tonumber(two, 16)) end)) end
local function hex_of(bytes) return (string.gsub(bytes, '.', function(one) return string.format('%02x', byte(one)) end)) end

local function read_sketch(raw) -- workers/sketch.py, Sketch.pack
  local a, b, r1, r2, r3, r4, figures, count = byte(raw, 1, 8)
  local s = { words = a * 256 + b, rate = ((r1 * 256 + r2) * 256 + r3) * 256 + r4 + 1, figures = {}, count = count,
              hash = {}, name = {}, high = {}, low = {}, weight = {}, found = {}, numbers = figures, packed = sub(raw, 9, 8 + 2 * figures) }
  for i = 0, figures - 1 do
    local high, low = byte(raw, 9 + 2 * i, 10 + 2 * i)
    s.figures[i + 1] = high * 256 + low
  end
  local at = 9 + 2 * figures
  for i = 1, count do
    local h1, h2, h3, h4, n1, n2, n3, n4 = byte(raw, at, at + 7)
    s.hash[i] = ((h1 * 256 + h2) * 256 + h3) * 256 + h4
    s.name[i], s.high[i], s.low[i] = sub(raw, at + 4, at + 6), (n1 * 256 + n2) * 256 + n3, n4
    at = at + 8
  end
  return s
end

-- A member as it is stored: uri (12 bytes), founder's uri (12), founder (5), words (2), rate - 1 (4), two counts, numbers, and each
-- run's hash as a share of the rate (2 bytes).
local function write_member(epoch, number, did, founder, s)
  local shares = {}
  for i = 1, s.count do
    local share = floor(s.hash[i] * 65536 / s.rate)
    shares[i] = char(floor(share / 256), share % 256)
  end
  local rate = s.rate - 1
  local head = bytes_of(did) .. bytes_of(founder.did) .. founder.ref .. char(floor(s.words / 256), s.words % 256,
    floor(rate / 16777216), floor(rate / 65536) % 256, floor(rate / 256) % 256, rate % 256, s.numbers, s.count)
  call('HSET', place(epoch, number), number, head .. s.packed .. table.concat(shares))
  call('PEXPIREAT', place(epoch, number), lives(epoch))
end

local members = {} -- those read in this call, by reference

local function read_member(ref)
  if members[ref] ~= nil then return members[ref] end
  members[ref] = false
  local epoch, number = referred(ref)
  local raw = call('HGET', place(epoch, number), number)
  if not raw then return false end
  local w1, w2, r1, r2, r3, r4, figures, count = byte(raw, 30, 37)
  local m = { ref = ref, epoch = epoch, number = number, did = sub(raw, 1, 12), founder = { did = sub(raw, 13, 24), ref = sub(raw, 25, 29) },
              words = w1 * 256 + w2, rate = ((r1 * 256 + r2) * 256 + r3) * 256 + r4 + 1, count = count, figures = {}, numbers = figures,
              shares = {}, list = {} }
  for i = 0, figures - 1 do
    local high, low = byte(raw, 38 + 2 * i, 39 + 2 * i)
    m.figures[i + 1] = high * 256 + low
  end
  local at = 38 + 2 * figures
  local flat = { byte(raw, at, at + 2 * count - 1) }
  for i = 1, count do
    m.list[i] = flat[2 * i - 1] * 256 + flat[2 * i]
    m.shares[m.list[i]] = true
  end
  members[ref] = m
  return m
end

local function standing(founder) -- the members that stand for a story, its founder first
  local epoch, number = referred(founder.ref)
  local refs, found = call('HGET', place(epoch, number), 'r' .. number) or '', {}
  local first = read_member(founder.ref)
  if first then found[1] = first end
  for i = 1, #refs, 5 do
    local m = read_member(sub(refs, i, i + 4))
    if m then found[#found + 1] = m end
  end
  return found
end

local function stand_for(founder, ref)
  local epoch, number = referred(founder.ref)
  local refs = (call('HGET', place(epoch, number), 'r' .. number) or '') .. ref
  if #refs > 5 * (STAND - 1) then refs = sub(refs, 6) end
  if call('HEXISTS', place(epoch, number), number) == 1 then call('HSET', place(epoch, number), 'r' .. number, refs) end
end

local function tell(story, did) -- the story's documents in the order they came, for `why`
  local key = K.story .. story
  if call('LLEN', key) == 0 then call('RPUSH', key, bytes_of(story)) end
  if call('RPUSH', key, bytes_of(did)) > 1000 then call('LPOP', key) end
  call('PEXPIRE', key, KEEP + DAY)
end
