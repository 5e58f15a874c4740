-- Decide which document a text belongs to, and hand it off: aliases, version, event, state and counters in one step.
-- ARGV[3] record, ARGV[4] fence, ARGV[5] JSON {fk, ck, ks (digests of the final, canonical and other addresses), sf, sc (documents
-- they would found), hash, tk (digest of the text on its host, or ''), ex (extractor), fields, did, last (document and last
-- event the event was built for), id, type, site, sm (the page's site and sample, see observe), rv, va, vb (see look_again)}, ARGV[6] the event.
-- Returns {word, document, last event, version, first record}:
--   done       the event is in the stream        same, merged   the document exists with this text
--   again      build the event for this document rebased        only the extractor differs: no event
--   ended      the record was at its end         fenced         another holder has it
local rid, c = ARGV[3], cjson.decode(ARGV[5])
local record = K.record .. rid
local r = call('HMGET', record, 'fe', 'st', 'd', 'rk')
if not is_active(record) then return { 'ended', r[3] or '', '', 0 } end
if r[1] ~= ARGV[4] then return { 'fenced', '', '', 0 } end

local function text_of(did) return call('HGET', K.doc .. did, 'c') end
local seen = { c.site, c.sm, c.ex }

local function read_anew(ex) -- whether an alias is as it was, as far as can be told: only its extractor is another
  local base, mine = call('HGET', record, 'rb'), c.ex .. ' ' .. c.hash
  if base ~= mine and (ex == c.ex or (base and string.sub(base, 1, #c.ex) == c.ex)) then return false end
  call('HSET', record, 'rb', mine)
  return true
end

local function resolve() -- docs/flow.md, "Identity"
  local own = doc_at(c.fk)
  if own then
    local d = call('HMGET', K.doc .. own, 'o', 'i', 'ex')
    local home = d[1] == c.fk or d[2] == c.fk
    if text_of(own) == c.hash then
      if home then call('HSET', K.doc .. own, 'ex', c.ex) end -- its next change is one of the page, not of the extractor
      return 'same', own, 'same-document'
    end
    if home then return 'version', own end
    if read_anew(d[3]) then return 'same', own, 'rebased' end
    return 'fresh', c.sf
  end
  local canonical = doc_at(c.ck)
  if canonical then
    if text_of(canonical) == c.hash then return 'same', canonical, 'same-document' end
    return 'fresh', c.sf
  end
  local twin = c.tk ~= '' and call('GET', K.text .. c.tk)
  if twin and text_of(twin) == c.hash then return 'same', twin, 'same-text' end
  return 'fresh', c.ck ~= '' and c.sc or c.sf
end

local function claim_addresses(did)
  for _, key in ipairs(c.ks) do call('SET', K.url .. key, 'd' .. did, 'PX', KEEP + DAY) end
  call('SET', K.url .. c.fk, 'd' .. did, 'PX', KEEP + DAY)
  if c.ck ~= '' then call('SET', K.url .. c.ck, 'd' .. did, 'NX', 'PX', KEEP + DAY) end
end

local mode, did, why = resolve()
local doc = K.doc .. did
if mode == 'fresh' and call('EXISTS', doc) == 1 then
  mode = text_of(did) == c.hash and 'same' or 'version'
  why = 'same-document'
  if mode == 'same' then call('HSET', doc, 'ex', c.ex) end
end
local d = call('HMGET', doc, 'e', 'v', 'ex', 'i', 'ev')
local last, version = d[1] or '', tonumber(d[2] or 0)

if mode == 'version' and d[3] ~= c.ex then
  call('HSET', doc, 'c', c.hash, 'ex', c.ex)
  mode, why = 'same', 'rebased'
end
if mode == 'same' then
  local mine = r[3] == did
  claim_addresses(did)
  attach(did, rid)
  call('HSET', record, 'd', did)
  if c.tk ~= '' then call('SET', K.text .. c.tk, did, 'PX', KEEP + DAY) end
  finish(rid, mine and r[2] ~= 'pending' and r[2] or 'merged', why, seen)
  if mine then look_again(rid, did, c, false) else plan(rid, call('HGET', record, 'h'), 0) end
  return { why == 'rebased' and 'rebased' or (mine and 'same' or 'merged'), did, last, version }
end
if c.did ~= did or c.last ~= last then
  return { 'again', did, last, version, string.match(call('HGET', doc, 'rs') or '', '^%S*') }
end

local sid = call('XADD', K.stream, '*', 'event', ARGV[6])
count('events:' .. c.type, 1)
count('stream', #ARGV[6])
call('SET', K.event .. string.sub(c.id, 1, 16), sid, 'PX', KEEP + DAY)
if last ~= '' then -- the history before the last event, at most twenty
  local events = (d[5] and d[5] .. ' ' or '') .. last
  call('HSET', doc, 'ev', #events > 820 and string.sub(events, -819) or events)
end
local identity = d[4] or (last == '' and did == c.sc and c.ck) or c.fk
call('HSET', doc, 'c', c.hash, 'v', version + 1, 'e', c.id, 's', sid, 'o', c.fk, 'ex', c.ex, 'fl', c.fields)
if identity ~= c.fk then call('HSET', doc, 'i', identity) else call('HDEL', doc, 'i') end
attach(did, rid)
claim_addresses(did)
if c.tk ~= '' then call('SET', K.text .. c.tk, did, 'PX', KEEP + DAY) end
call('HSET', record, 'd', did)
finish(rid, 'delivered', c.type, seen)
look_again(rid, did, c, true)
return { 'done', did, sid, version + 1 }
