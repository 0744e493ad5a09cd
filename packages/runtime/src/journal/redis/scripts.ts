// What Redis does in one atomic step. Explicit ids alone make no append safe: an id that is refused may be a
// repetition, a different entry or a hole. So the script compares position and links before it adds anything, and
// fences old writers.

/**
 * KEYS: stream, head. ARGV: epoch, number and link of the predecessor, then from, number, link, bytes of each commit.
 * Answers {'appended', present} {'identical'} {'fenced', epoch} {'regressed'} {'diverged', number, stored link}.
 */
export const APPEND = `
local stream, head = KEYS[1], KEYS[2]
local epoch, base, base_link = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
local stored = redis.call('HMGET', head, 'epoch', 'number', 'link')
local fence, last = tonumber(stored[1] or '0'), tonumber(stored[2] or '0')
if fence > epoch then return {'fenced', fence} end
if base > last then return {'regressed'} end
if base == last and last > 0 and stored[3] ~= base_link then return {'diverged', last, stored[3]} end
local place, present = 4, 0
while place <= #ARGV and tonumber(ARGV[place + 1]) <= last do
  local id = ARGV[place] .. '-' .. ARGV[place + 1]
  local entry = redis.call('XRANGE', stream, id, id)[1]
  local link = entry and entry[2][2] or ''
  if link ~= ARGV[place + 2] then return {'diverged', tonumber(ARGV[place + 1]), link} end
  place, present = place + 4, present + 1
end
if place > #ARGV then return {'identical'} end
while place <= #ARGV do
  redis.call('XADD', stream, ARGV[place] .. '-' .. ARGV[place + 1], 'link', ARGV[place + 2], 'commit', ARGV[place + 3])
  place = place + 4
end
redis.call('HSET', head, 'epoch', epoch, 'from', ARGV[#ARGV - 3], 'number', ARGV[#ARGV - 2], 'link', ARGV[#ARGV - 1])
return {'appended', present}
`;

/**
 * Finds commit number ARGV[1]. Ids start with the time, so it halves the span of time: numbers grow with it.
 * KEYS: stream, head. Answers {from, link}, or nothing when there is no such commit.
 */
export const LOCATE = `
local stream, wanted = KEYS[1], tonumber(ARGV[1])
local head = redis.call('HMGET', KEYS[2], 'number', 'from')
if not head[1] or wanted > tonumber(head[1]) or wanted < 1 then return false end
local low, high = 0, tonumber(head[2])
while low < high do
  local middle = low + math.ceil((high - low) / 2)
  local id = redis.call('XRANGE', stream, string.format('%.0f', middle), '+', 'COUNT', 1)[1][1]
  if tonumber(string.match(id, '-(%d+)$')) <= wanted then low = middle else high = middle - 1 end
end
local from = string.format('%.0f', low)
local id = from .. '-' .. ARGV[1]
local entry = redis.call('XRANGE', stream, id, id)[1]
if not entry then return false end
return {from, entry[2][2]}
`;
