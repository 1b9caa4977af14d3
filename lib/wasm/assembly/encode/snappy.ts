// Snappy's raw format: the length as a varint, then literals and copies.
const BLOCK: usize = 65_536 // the farthest that copies reach back, so that 16 bits are a position
const TABLE_BITS: u32 = 14 // 32 KB of positions: they and the block stay close to the core
const MARGIN: usize = 15 // bytes at a block's end without a search, so that no load or copy leaves it

/** Bytes of work memory: positions in the block, by hash. */
export const SNAPPY_WORK: usize = (1 << TABLE_BITS) * 2

/** Compresses `n` bytes to `to` and returns the bytes written, at most `32 + n + n / 6`. */
export function snappy(from: usize, n: usize, to: usize, table: usize): usize {
  let at = to
  let length = n
  for (; length >= 128; length >>= 7) store<u8>(at++, length | 128)
  store<u8>(at++, length)
  const end = from + n
  for (let block = from; block < end; block += BLOCK) {
    at = compressBlock(block, min(block + BLOCK, end), at, table)
  }
  return at - to
}

function compressBlock(start: usize, end: usize, to: usize, table: usize): usize {
  let literal = start
  if (end - start > MARGIN) {
    memory.fill(table, 0, SNAPPY_WORK)
    const last = end - MARGIN
    let at = start + 1
    let misses: usize = 32 // each 32 in a row widen the stride by a byte
    while (at < last) {
      const bytes = load<u32>(at)
      const slot = slotOf(bytes, table)
      const candidate = start + <usize>load<u16>(slot)
      store<u16>(slot, at - start)
      if (load<u32>(candidate) != bytes) {
        at += misses++ >> 5
        continue
      }
      if (at > literal) to = putLiteral(literal, at - literal, to)
      const length = matched(candidate, at, end)
      to = putCopy(at - candidate, length, to)
      at += length
      literal = at
      misses = 32
      if (at < last) {
        store<u16>(slotOf(load<u32>(at - 1), table), at - 1 - start)
      }
    }
  }
  return literal < end ? putLiteral(literal, end - literal, to) : to
}

// @ts-ignore: decorators are AssemblyScript's
@inline
function slotOf(bytes: u32, table: usize): usize {
  return table + ((<usize>((bytes * 0x1e35a7bd) >> (32 - TABLE_BITS))) << 1)
}

/** Counts equal bytes, four of which are known, up to the end. */
// @ts-ignore: decorators are AssemblyScript's
@inline
function matched(candidate: usize, at: usize, end: usize): usize {
  let next = at + 4
  let other = candidate + 4
  while (next + 8 <= end) {
    const difference = load<u64>(next) ^ load<u64>(other)
    if (difference != 0) return next - at + <usize>(ctz(difference) >> 3)
    next += 8
    other += 8
  }
  while (next < end && load<u8>(next) == load<u8>(other)) {
    next++
    other++
  }
  return next - at
}

function putLiteral(from: usize, length: usize, to: usize): usize {
  const code = length - 1
  if (code < 60) {
    store<u8>(to++, code << 2)
    // 16 at once where that stays in `to`: the room is larger than what is left of the input by then.
    if (length <= 16) {
      v128.store(to, v128.load(from))
      return to + length
    }
  } else if (code < 256) {
    store<u8>(to, 60 << 2)
    store<u8>(to + 1, code)
    to += 2
  } else {
    store<u8>(to, 61 << 2)
    store<u16>(to + 1, code)
    to += 3
  }
  memory.copy(to, from, length)
  return to + length
}

function putCopy(offset: usize, length: usize, to: usize): usize {
  // The last piece has at least 4 bytes, so that the short form may take it.
  while (length >= 68) {
    to = putPiece(offset, 64, to)
    length -= 64
  }
  if (length > 64) {
    to = putPiece(offset, 60, to)
    length -= 60
  }
  if (length < 12 && offset < 2048) {
    store<u8>(to, 1 | ((length - 4) << 2) | ((offset >> 8) << 5))
    store<u8>(to + 1, offset)
    return to + 2
  }
  return putPiece(offset, length, to)
}

// @ts-ignore: decorators are AssemblyScript's
@inline
function putPiece(offset: usize, length: usize, to: usize): usize {
  store<u8>(to, 2 | ((length - 1) << 2))
  store<u16>(to + 1, offset)
  return to + 3
}
