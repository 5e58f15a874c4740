-- with versions postings members relations
-- Decide which document a text belongs to and what it is to others, and hand it off: aliases, version, relation, event, state and
-- counters in one step.
-- ARGV[3] record, ARGV[4] fence, ARGV[5] JSON {fk, ck, ks (digests of the final, canonical and other addresses), sf, sc (documents
-- they would found), hash, tk (digest of the text on its host, or ''), ex (extractor), fields, did, last (document and last
-- event the event was built for), id, type, site, sm (the page's site and sample, see observe), ti, tf (digests of the title as
-- the page alone says it, and as the entry does that led here, or ''), churn (nothing of the story changed since the last event),
-- at (bytes of the event before its data, where the relation is written; absent: nowhere), pic (its data ends with associations),
-- rv, va, vb (see look_again), stamp (of a wire's version: tells it from every other of its document)}, ARGV[6] the event, ARGV[7] the text's sketch.
-- Returns {word, document, last event, version, first record, its stream id, ti and tf then}:
--   done       the event is in the stream        same, merged   the document exists with this text
--   again      build the event for this document rebased        only the extractor differs: no event
--   stopped    killed, overtaken or held again: no event
--   ended      the record was at its end         fenced         another holder has it
local rid, c = ARGV[3], cjson.decode(ARGV[5])
local record = K.record .. rid
local r = call('HMGET', record, 'fe', 'st', 'd', 'rk', 'wd', 'o')
if not is_active(record) then return { 'ended', r[3] or '', '', 0 } end
if r[1] ~= ARGV[4] then return { 'fenced', '', '', 0 } end

if r[5] then
  local v = call('HMGET', K.wire .. r[5], 'k', 'd')
  local killed, late = v[1] and r[6] <= v[1], v[2] and r[6] < v[2]
  if killed or late then finish(rid, killed and 'rejected' or 'merged', killed and 'killed' or 'superseded') end
  if killed or late or too_early(rid, r[5]) then return { 'stopped', r[5], '', 0 } end
end

local function text_of(did) -- none while the document is withdrawn: a page that returns is a change
  local d = call('HMGET', K.doc .. did, 'c', 'w')
  return not d[2] and d[1] or nil
end

local function retitled(did) -- another title than at the last event, by the same mouth
  local d = call('HMGET', K.doc .. did, 'ti', 'tf')
  local function other(now, known) return now and now ~= '' and known and known ~= now end
  return other(c.ti, d[1]) or other(c.tf, d[2])
end

local function note_titles(did, how) -- `how` HSETNX: only where none is noted, as in documents of older versions
  if c.ti and c.ti ~= '' then call(how or 'HSET', K.doc .. did, 'ti', c.ti) end
  if c.tf and c.tf ~= '' then call(how or 'HSET', K.doc .. did, 'tf', c.tf) end
end

local function told(did) -- whether the document's text is this one, or differs from it in nothing that matters
  local text = text_of(did)
  return text and (text == c.hash or call('HGET', K.doc .. did, 'cc') == c.hash)
end
local seen = { c.site, c.sm, c.ex }

local function read_anew(ex) -- whether an alias is as it was, as far as can be told: only its extractor is another
  local base, mine = call('HGET', record, 'rb'), c.ex .. ' ' .. c.hash
  if base ~= mine and (ex == c.ex or (base and string.sub(base, 1, #c.ex) == c.ex)) then return false end
  call('HSET', record, 'rb', mine)
  return true
end

local function resolve_wire() -- its agency says which document it is, and which version
  if call('HGET', K.doc .. c.sf, 'ws') == c.stamp and text_of(c.sf) == c.hash then return 'same', c.sf, 'same-document' end
  return call('EXISTS', K.doc .. c.sf) == 1 and 'version' or 'fresh', c.sf
end

local function resolve() -- docs/flow.md, "Identity"
  if c.stamp then return resolve_wire() end
  local own = doc_at(c.fk)
  if own then
    local d = call('HMGET', K.doc .. own, 'o', 'i', 'ex')
    local home = d[1] == c.fk or d[2] == c.fk
    if told(own) and not (home and d[3] == c.ex and retitled(own)) then
      if home then -- its next change is one of the page, not of the extractor
        call('HSET', K.doc .. own, 'ex', c.ex)
        note_titles(own, d[3] == c.ex and 'HSETNX' or 'HSET')
      end
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
  if c.stamp then return end -- a wire's item is asked for by its guid
  for _, key in ipairs(c.ks) do call('SET', K.url .. key, 'd' .. did, 'PX', KEEP + DAY) end
  call('SET', K.url .. c.fk, 'd' .. did, 'PX', KEEP + DAY)
  if c.ck ~= '' then call('SET', K.url .. c.ck, 'd' .. did, 'NX', 'PX', KEEP + DAY) end
end

local mode, did, why = resolve()
local doc = K.doc .. did
if mode == 'fresh' and call('EXISTS', doc) == 1 then
  mode = told(did) and 'same' or 'version'
  why = 'same-document'
  if mode == 'same' then call('HSET', doc, 'ex', c.ex) end
end
local d = call('HMGET', doc, 'e', 'v', 'ex', 'i', 'rl', 's', 'w', 'ti', 'tf')
local last, version = d[1] or '', tonumber(d[2] or 0)

if mode == 'version' and d[3] ~= c.ex and not d[7] and not c.stamp then
  call('HSET', doc, 'c', c.hash, 'ex', c.ex)
  call('HDEL', doc, 'cc')
  note_titles(did)
  mode, why = 'same', 'rebased'
end
if mode == 'version' and c.churn and c.did == did and c.last == last and not d[7] then
  call('HSET', doc, 'cc', c.hash)
  note_titles(did)
  mode, why = 'same', 'churn'
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
  return { 'again', did, last, version, string.match(call('HGET', doc, 'rs') or '', '^%S*'), d[6] or '', d[8] or '', d[9] or '' }
end

local function with_relation(event, r) -- relation attributes before the data, and an association at its end (workers/event.py)
  if not c.at then return event end
  local said = '"story":"urn:wiredesk:' .. r[5] .. '","relation":"' .. r[1] .. '",'
  local data = sub(event, c.at + 1)
  if r[2] ~= '' then
    said = said .. '"relatedto":"urn:wiredesk:' .. r[2] .. '","containment":' .. r[3] .. ','
    local other = '{"name":"relation","uri":"urn:wiredesk:' .. r[2] .. '","type":"text","rel":"' .. r[1] .. '"}'
    data = c.pic and sub(data, 1, -4) .. ',' .. other .. ']}}' or sub(data, 1, -3) .. ',"associations":[' .. other .. ']}}'
  end
  return sub(event, 1, c.at) .. said .. data
end

local relation
if ARGV[7] ~= '' then
  relation = d[5] and relate_again(did, ARGV[7], unpack_known(did, d[5])) or relate(did, ARGV[7])
  call('HSET', doc, 'rl', pack_known(relation))
end
local event = relation and with_relation(ARGV[6], relation) or ARGV[6]
local sid = hand_on(did, c.id, c.type, event)
call('HDEL', doc, 'w', 'cc')
note_titles(did)
local identity = d[4] or (last == '' and did == c.sc and c.ck) or c.fk
call('HSET', doc, 'c', c.hash, 'o', c.fk, 'ex', c.ex, 'fl', c.fields)
if c.stamp then
  call('HSET', doc, 'ws', c.stamp)
  call('HSET', K.wire .. did, 'd', r[6])
end
if identity ~= c.fk then call('HSET', doc, 'i', identity) else call('HDEL', doc, 'i') end
attach(did, rid)
claim_addresses(did)
if c.tk ~= '' then call('SET', K.text .. c.tk, did, 'PX', KEEP + DAY) end
call('HSET', record, 'd', did)
finish(rid, 'delivered', c.type, seen)
look_again(rid, did, c, true)
return { 'done', did, sid, version + 1 }
