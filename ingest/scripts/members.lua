-- Documents that brought something of their own, and the stories they stand for. Shared by commit and relate.
--   member:E:B   hash: number -> a document's uri, its story's founder and its sketch; 'r' .. number of a founder -> the members
--                that stand for its story
--   story:D      list: the documents of a story, by its founder, for `why`
local STAND = 6 -- members that stand for a story
local NAMED = 28 -- runs of a sketch that are filed (workers/sketch.py)

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

local function numbers(raw, at, kind, count) -- so many numbers of one kind of struct's, big-endian
  local found = { struct.unpack('>' .. string.rep(kind, count), raw, at) }
  found[count + 1] = nil -- where the next one would be
  return found
end

local function leads(lead, i) return floor(lead / 2 ^ (i - 1)) % 2 == 1 end -- whether run i stands in the first third of its text

local function read_sketch(raw) -- workers/sketch.py, Sketch.pack
  local words, rate, figures, count, lead = struct.unpack('>HI4BBI4', raw)
  local at = 13 + 2 * figures
  local s = { words = words, rate = rate + 1, count = count, numbers = figures, figures = numbers(raw, 13, 'H', figures),
              lead = lead, packed = sub(raw, 13, at - 1), named = math.min(count, NAMED), hash = numbers(raw, at, 'I4', count),
              name = {}, high = {}, low = {}, weight = {}, found = {} }
  at = at + 4 * count
  for i, name in ipairs(numbers(raw, at, 'I4', s.named)) do
    s.high[i], s.low[i], s.name[i] = floor(name / 256), name % 256, sub(raw, at, at + 2)
    at = at + 4
  end
  return s
end

-- A member as it is stored: uri (12 bytes), founder's uri (12), founder (5), words (2), rate - 1 (4), two counts, lead (4), numbers,
-- and each run's hash as a share of the rate (2 bytes).
local function write_member(epoch, number, did, founder, s)
  local shares = {}
  for i = 1, s.count do shares[i] = floor(s.hash[i] * 65536 / s.rate) end
  local head = struct.pack('>HI4BBI4', s.words, s.rate - 1, s.numbers, s.count, s.lead)
  local tail = struct.pack('>' .. string.rep('H', s.count), unpack(shares))
  call('HSET', place(epoch, number), number, bytes_of(did) .. bytes_of(founder.did) .. founder.ref .. head .. s.packed .. tail)
  call('PEXPIREAT', place(epoch, number), lives(epoch))
end

local members = {} -- those read in this call, by reference

local function read_member(ref)
  if members[ref] ~= nil then return members[ref] end
  members[ref] = false
  local epoch, number = referred(ref)
  local raw = call('HGET', place(epoch, number), number)
  if not raw then return false end
  local words, rate, figures, count, lead = struct.unpack('>HI4BBI4', raw, 30)
  local m = { ref = ref, epoch = epoch, number = number, did = sub(raw, 1, 12), words = words, rate = rate + 1, count = count,
              founder = { did = sub(raw, 13, 24), ref = sub(raw, 25, 29) }, numbers = figures, shares = {},
              figures = numbers(raw, 42, 'H', figures), list = numbers(raw, 42 + 2 * figures, 'H', count) }
  for i, share in ipairs(m.list) do m.shares[share] = leads(lead, i) and 2 or 1 end
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

local function tell(story, did) -- the story's documents in the order they came, for `why`: its founder and the last 999
  local key, first, one = K.story .. story, bytes_of(story), bytes_of(did)
  if call('LLEN', key) == 0 then call('RPUSH', key, first) end
  if one ~= first then
    call('LREM', key, 1, one) -- a text that returns is told once
    if call('RPUSH', key, one) > 1000 then
      call('LPOP', key)
      call('LSET', key, 0, first)
    end
  end
  call('PEXPIRE', key, KEEP + DAY)
end

-- What a document is told to be (see relate), as its record keeps it: word (1 byte) and its member (5); for what is related to
-- another also the story (12), the other (12), its member (5), and the two percents. `known` is {word, of, here, back, story, ref, of's ref}.
local WORDS = { 'original', 'copy', 'excerpt', 'extends', 'version' }
local NONE = string.rep('\0', 5)

local function pack_known(known)
  local word = 1
  for i, one in ipairs(WORDS) do if one == known[1] then word = i end end
  local function ref_of(hex) return hex == '' and NONE or bytes_of(hex) end
  if known[2] == '' then return char(word) .. ref_of(known[6]) end
  return char(word) .. ref_of(known[6]) .. bytes_of(known[5]) .. bytes_of(known[2]) .. ref_of(known[7]) .. char(known[3], known[4])
end

local function unpack_known(did, raw)
  local function ref_at(first) local ref = sub(raw, first, first + 4) return ref == NONE and '' or hex_of(ref) end
  local word = WORDS[byte(raw)]
  if #raw == 6 then return { word, '', 0, 0, did, ref_at(2), '' } end
  return { word, hex_of(sub(raw, 19, 30)), byte(raw, 36), byte(raw, 37), hex_of(sub(raw, 7, 18)), ref_at(2), ref_at(31) }
end
