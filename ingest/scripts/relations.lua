-- What earlier document a text is a copy, excerpt, extension or version of. Shared by commit and relate (docs/relations.md).
local COMMON = 4 -- a run seen in so many stories is nobody's any more
local BEST, MEAN = 0.45, 0.35 -- containment with the nearest member of a story, and on average over those that stand for it
local TOUCHED = 0.4 -- share of those members that must have a fifth in common with the text: a digest's parts have not
local SCANT = 0.25 -- a text shorter than this share of the other is linked to it, but founds a story of its own
local LEAD = 0.1 -- share of the runs in common that must stand in the first third of either text: what is below both may be furniture
local FURNITURE = 150 -- words in common from which it is none
local EVIDENCE = 5 -- runs that must be shared, of texts with sixteen or more that can be compared
local FIGURES, DENSE = 4, 0.035 -- numbers that make a text comparable by them; numbers a word in robot texts
local FIGURES_KEPT = 24 -- numbers that a sketch holds at most
local PROOF = 10 -- shared runs without which nothing is linked outside a story
local OWNERS, STORIES = 8, 3 -- documents looked up, stories compared
local OWN = 5 -- new runs that make a copy a member: it brought something

-- How many numbers of two texts can be compared, and the share of them that agrees: of a text with very many the smallest hashes are
-- kept, and stand for those below the largest of them.
local function figures_of(s, m)
  local limit, fewer, same = 65536, {}, 0
  for _, t in ipairs({ s, m }) do if t.numbers >= FIGURES_KEPT then limit = math.min(limit, t.figures[t.numbers]) end end
  local known = {}
  for i, t in ipairs({ s, m }) do
    fewer[i] = 0
    for _, figure in ipairs(t.figures) do
      if figure <= limit then
        fewer[i] = fewer[i] + 1
        if i == 1 then known[figure] = true elseif known[figure] then same = same + 1 end
      end
    end
  end
  local count = math.min(fewer[1], fewer[2])
  return count, count > 0 and same / count or 1
end

-- Two texts at the lower of their rates. `here`, `back`: shares of the new text's runs in the other, and the reverse. `score`: the
-- larger of the two among runs that are not common, 0 where figures say that these are two stories, or where the little they share
-- stands below both.
local function compare(s, m)
  local most = floor(s.rate * 65536 / m.rate)
  local theirs = m.count
  if s.rate < m.rate then
    theirs = 0
    for i = 1, m.count do if m.list[i] < most then theirs = theirs + 1 end end
  end
  local ours, both, weighed, rare, above, filed, known = 0, 0, 0, 0, 0, 0, 0
  for i = 1, s.count do
    if s.hash[i] < m.rate then
      local shared = m.shares[floor(s.hash[i] * 65536 / m.rate)]
      ours = ours + 1
      if shared then both = both + 1 end
      if i <= s.named then -- of the others nobody knows how common they are; they are as these
        filed, weighed = filed + 1, weighed + s.weight[i]
        if shared then
          known, rare = known + 1, rare + s.weight[i]
          if shared == 2 or leads(s.lead, i) then above = above + 1 end
        end
      end
    end
  end
  local c = { m = m, here = 0, back = 0, score = 0, rare = 0, length = math.min(s.words, m.words) / math.max(s.words, m.words) }
  if ours == 0 or theirs == 0 then return c end
  c.here, c.back = both / ours, math.min(1, both / theirs)
  c.rare = known > 0 and both * rare / known or 0
  local score = math.max(weighed > 0 and c.rare / (ours * weighed / filed) or 0, c.rare / math.max(theirs - both + c.rare, 1))
  if c.rare < EVIDENCE * math.min(1, ours / 16, theirs / 16) then score = math.min(score, 0.3) end
  if above < LEAD * known and c.here * s.words < FURNITURE then score = 0 end
  local fewer, agree = figures_of(s, m)
  local dense = math.min(s.numbers / s.words, m.numbers / m.words) >= DENSE
  if fewer >= FIGURES and agree < (dense and 0.5 or 0.25) then score = 0 end
  if math.min(c.here, c.back) >= 0.85 and agree >= 0.8 then score = math.max(score, math.min(c.here, c.back)) end
  c.score = score
  return c
end

-- The postings of the text's runs, `found` by epoch or false; and tallies of who brought them.
local function look_up(s, metas)
  local tally = {}
  for i = 1, s.named do
    local stories, found = 0, false
    for epoch, meta in pairs(metas) do
      local value = call('HGET', meta.at .. bucket_of(meta, s.high[i], s.low[i]), s.name[i])
      if value then
        found = found or {}
        local v = tonumber(value)
        local p = { epoch = epoch, first = v % LAST, second = floor(v / LAST) % LAST, stories = floor(v / 2 ^ 46) + 1 }
        found[epoch], stories = p, math.max(stories, p.stories)
      end
    end
    s.found[i], s.weight[i] = found, stories >= COMMON and 0 or 1
    for epoch, p in pairs(found or {}) do
      for _, number in ipairs({ p.first, p.second }) do
        if number > 0 then
          local ref = refer(epoch, number)
          tally[ref] = (tally[ref] or 0) + math.max(s.weight[i], 0.1)
        end
      end
    end
  end
  return tally
end

local function by_tally(tally, most)
  local order = {}
  for key in pairs(tally) do order[#order + 1] = key end
  table.sort(order, function(a, b) if tally[a] ~= tally[b] then return tally[a] > tally[b] end return a < b end)
  for i = #order, most + 1, -1 do order[i] = nil end
  return order
end

local function nearer(c, than)
  if not than then return true end
  local one, two = floor((c.here + c.back) * 10 + 0.5), floor((than.here + than.back) * 10 + 0.5)
  if one ~= two then return one > two end
  if c.m.epoch ~= than.m.epoch then return c.m.epoch < than.m.epoch end
  return c.m.number < than.m.number
end

-- The nearest member of the story the text belongs to, or of none; the nearest that is not of the document itself; and what the
-- text is merely linked to. A story whose founder is forgotten is represented by those members that were looked up.
local function judge(s, tally, self)
  local stories, founders, seen = {}, {}, {}
  for _, ref in ipairs(by_tally(tally, OWNERS)) do
    local m = read_member(ref)
    if m then
      stories[m.founder.did] = (stories[m.founder.did] or 0) + tally[ref]
      founders[m.founder.did] = m.founder
      seen[m.founder.did] = seen[m.founder.did] or {}
      table.insert(seen[m.founder.did], m)
    end
  end
  local chosen, best, near, linked
  for _, story in ipairs(by_tally(stories, STORIES)) do
    local sum, top, touched, nearest, other = 0, 0, 0, nil, nil
    local all = standing(founders[story])
    if #all == 0 then all = seen[story] end
    for _, m in ipairs(all) do
      local c = compare(s, m)
      if c.length < SCANT then
        local alike = c.score > 0 and math.max(c.here, c.back) >= 0.6 and c.rare >= PROOF
        if alike and m.did ~= self and nearer(c, linked) then linked = c end
        c.score = 0
      end
      sum, top = sum + c.score, math.max(top, c.score)
      if c.score >= 0.2 then touched = touched + 1 end
      if nearer(c, nearest) then nearest = c end
      if m.did ~= self and nearer(c, other) then other = c end
    end
    local belongs = top >= BEST and sum / #all >= MEAN and touched >= TOUCHED * #all
    if belongs and (other or story == self) and (not best or top + sum / #all > best) then
      chosen, best, near = nearest, top + sum / #all, other
    end
  end
  return chosen, near, linked
end

local function word_of(c)
  if c.here >= 0.7 and c.back >= 0.7 then return 'copy' end
  if c.here >= 0.65 and c.here >= c.back then return 'excerpt' end
  if c.back >= 0.65 then return 'extends' end
  return 'version'
end

local function foreign(p, story) -- whether a run has not been in this story yet, as far as is known
  for _, number in ipairs({ p.first, p.second }) do
    local owner = number > 0 and read_member(refer(p.epoch, number))
    if owner and owner.founder.did == story then return false end
  end
  return true
end

-- Enter what the text brought: its new runs under its number, and for runs of other stories that they were in one more.
local function enter(s, meta, number, story)
  local brought = 0
  for i = 1, s.named do
    local found, key = s.found[i], meta.at .. bucket_of(meta, s.high[i], s.low[i])
    local p = found and found[EPOCH]
    if p and p.stories < COMMON and foreign(p, story) then
      call('HSET', key, s.name[i], posting(p.first, p.second > 0 and p.second or number, p.stories + 1))
    elseif not p and number > 0 then -- what is known from an older epoch lives on in this one
      local older = found and (found[EPOCH - 1] or found[EPOCH - 2])
      call('HSET', key, s.name[i], posting(number, 0, not older and 1 or older.stories + (foreign(older, story) and 1 or 0)))
      brought = brought + 1
    end
  end
  meta.p = meta.p + brought
  for _ = 1, 2 do if meta.p > meta.b * LOAD then split(meta) end end
  call('HSET', K.related .. EPOCH, 'p', meta.p, 'b', meta.b)
end

local function percent(share) return floor(share * 100 + 0.5) end

local function answer(word, c, story, ref)
  local of = c and { hex_of(c.m.did), percent(c.here), percent(c.back) } or { '', 0, 0 }
  return { word, of[1], of[2], of[3], story, hex_of(ref), c and hex_of(c.m.ref) or '' }
end

local function brings(s) -- runs that nobody brought before
  local new = 0
  for i = 1, s.named do if not s.found[i] then new = new + 1 end end
  return new
end

-- The relation of a new document, which is entered into the index.
-- Returns {word, of, here, back (percent), story, ref, of's ref}: `of` and `story` are documents, refs name members, in hex; '' for none.
local function relate(did, raw)
  local s = read_sketch(raw)
  if s.count == 0 then return answer('original', nil, did, '') end
  local metas = opened()
  local self = bytes_of(did)
  local chosen, near, linked = judge(s, look_up(s, metas), self)
  local again = chosen and chosen.m.did == self and chosen.m -- the text returns, or is found again after its document was forgotten
  local joins = not chosen or brings(s) >= OWN or chosen.back < 0.5 or (again and again.epoch < EPOCH)
  local number = joins and numbered(metas[EPOCH]) or 0
  local ref = number > 0 and refer(EPOCH, number) or again and again.ref or ''
  local founder = chosen and chosen.m.founder or { did = self, ref = ref }
  local story = hex_of(founder.did)
  if number > 0 then
    write_member(EPOCH, number, did, { did = story, ref = founder.ref }, s)
    if chosen then stand_for(founder, ref) end
  end
  enter(s, metas[EPOCH], number, founder.did)
  if not (again and again.epoch == EPOCH) then call('HINCRBY', K.related .. EPOCH, 'd', 1) end -- a document counts once in an epoch
  if chosen then tell(story, did) end
  near = near or linked
  if chosen and founder.did == self then near = nil end -- what tells a story of its own is no copy of its copies
  return answer(near and word_of(near) or 'original', near, story, ref)
end

-- The relation of a document's next version: first of all it is a version of itself. It stays in its story and related to the same
-- document, measured anew, unless it has nothing in common with either. `known`: the answer before.
local function relate_again(did, raw, known)
  local s = read_sketch(raw)
  local own = known[6] ~= '' and read_member(bytes_of(known[6])) or nil
  local other = known[7] ~= '' and read_member(bytes_of(known[7])) or nil
  if s.count == 0 then return known end
  if not (own or other) then return known[1] == 'original' and relate(did, raw) or known end
  local metas = opened()
  look_up(s, metas)
  local self, near = own and compare(s, own), other and compare(s, other)
  local stays = false
  for _, c in pairs({ self or false, near or false }) do
    if c and math.max(c.here, c.back) >= 0.2 then stays = true end
  end
  if not stays then return relate(did, raw) end
  local founder = (own or other).founder
  local number, ref = 0, known[6]
  if own and own.epoch == EPOCH then
    number = own.number
  elseif own or brings(s) >= OWN then
    number = numbered(metas[EPOCH])
    ref = number > 0 and hex_of(refer(EPOCH, number)) or ref
    if number > 0 then stand_for(founder, refer(EPOCH, number)) end
  end
  if number > 0 then write_member(EPOCH, number, did, { did = hex_of(founder.did), ref = founder.ref }, s) end
  enter(s, metas[EPOCH], number, founder.did)
  if number > 0 and own and own.epoch ~= EPOCH then call('HINCRBY', K.related .. EPOCH, 'd', 1) end
  if not near then return { known[1], known[2], known[3], known[4], known[5], ref, known[7] } end
  return answer(word_of(near), near, known[5], bytes_of(ref))
end
