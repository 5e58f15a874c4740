-- Which texts brought which runs of words: the buckets of the index of relations (docs/relations.md). Shared by commit and relate.
-- An epoch is half of RETENTION, an hour at least; three are read. In one epoch E:
--   related:E    hash: d documents, n of them numbered, p postings, b buckets
--   posting:E:B  hash: 3 bytes of a run's name -> one number: the documents that brought it first, and in how many stories it was
-- A posting's number: first + 2^23 * second + 2^46 * (stories - 1). Buckets grow by linear hashing (Litwin 1980), so that a
-- small index is small and a large one has short buckets.
local WINDOW = math.max(KEEP / 2, 3600000)
local EPOCH = math.floor(now / WINDOW)
local FIRST, LOAD, LAST = 256, 64, 2 ^ 23 -- buckets at the start, postings for each, documents numbered in one epoch
local byte, char, sub, floor = string.byte, string.char, string.sub, math.floor

local function lives(epoch) return math.floor((epoch + 3) * WINDOW + DAY) end

local function sized(meta) -- `half`: the largest power of two that is no more than the buckets; the rounds in which names go to them
  meta.half = FIRST
  while meta.half * 2 <= meta.b do meta.half = meta.half * 2 end
  meta.round = meta.half / FIRST
  return meta
end

local function meta_of(epoch)
  local r = call('HMGET', K.related .. epoch, 'n', 'p', 'b')
  if not r[3] then return nil end
  return sized({ n = tonumber(r[1]), p = tonumber(r[2]), b = tonumber(r[3]), at = K.posting .. epoch .. ':' })
end

local function begin()
  for bucket = 0, FIRST - 1 do
    call('HSET', K.posting .. EPOCH .. ':' .. bucket, '', 0)
    call('PEXPIREAT', K.posting .. EPOCH .. ':' .. bucket, lives(EPOCH))
  end
  call('HSET', K.related .. EPOCH, 'n', 0, 'p', 0, 'b', FIRST)
  call('PEXPIREAT', K.related .. EPOCH, lives(EPOCH))
  return sized({ n = 0, p = 0, b = FIRST, at = K.posting .. EPOCH .. ':' })
end

-- Which bucket a run is in: `low` is the last byte of its name, `high` the number of the three before.
local function bucket_of(meta, high, low)
  local at = (high % (meta.round * 2)) * FIRST + low
  return at < meta.b and at or (high % meta.round) * FIRST + low
end

local STEP = 1000 -- values handed to one command: Lua's stack holds some 8,000, and strangers may crowd a bucket

local function split(meta)
  local from, to = meta.at .. (meta.b - meta.half), meta.at .. meta.b
  local rounds, wanted = meta.round * 2, floor(meta.b / FIRST)
  local all, moved, gone = call('HGETALL', from), {}, {}
  call('HSET', to, '', 0)
  for i = 1, #all, 2 do
    local one, two, three = byte(all[i], 1, 3)
    if three and (one * 65536 + two * 256 + three) % rounds == wanted then
      moved[#moved + 1], moved[#moved + 2], gone[#gone + 1] = all[i], all[i + 1], all[i]
    end
  end
  for i = 1, #gone, STEP do call('HDEL', from, unpack(gone, i, math.min(i + STEP - 1, #gone))) end
  for i = 1, #moved, STEP do call('HSET', to, unpack(moved, i, math.min(i + STEP - 1, #moved))) end
  call('PEXPIREAT', to, lives(EPOCH))
  meta.b = meta.b + 1
  sized(meta)
end

local function opened() -- the epochs that are read; this one is begun by its first document
  local metas = {}
  for epoch = EPOCH - 2, EPOCH do metas[epoch] = meta_of(epoch) end
  metas[EPOCH] = metas[EPOCH] or begin()
  return metas
end

local function numbered(meta)
  if meta.n + 1 >= LAST then return 0 end
  meta.n = call('HINCRBY', K.related .. EPOCH, 'n', 1)
  return meta.n
end

local function posting(first, second, stories)
  return string.format('%.0f', first + second * LAST + (math.min(stories, 16) - 1) * 2 ^ 46)
end
