// Frames and blocks of Zstandard (RFC 8878, 3.1.1).
import { putLiterals } from './zstd-literals'
import {
  findMatches,
  keepOffsets,
  literalsEnd,
  restoreOffsets,
  sequencesEnd,
  startMatching,
  WINDOW,
} from './zstd-match'
import { putSequences } from './zstd-sequences'
import { BLOCK_MOST, LITERALS, SEQUENCE, SEQUENCES } from './zstd-work'

const MAGIC: u32 = 0xfd2fb528
const RAW: u32 = 0
const COMPRESSED: u32 = 2
const COMPRESSED_LEAST: usize = 32 // fewer bytes do not pay for sections

/**
 * Compresses `n` bytes to one frame at `to`, which has room for `n + (n >> 12) + 1024` bytes, and returns the bytes
 * written.
 */
export function zstd(from: usize, n: usize, to: usize, work: usize): usize {
  let at = putHeader(n, to)
  startMatching(n, work)
  const end = from + n
  let block = from
  do {
    const size = min(end - block, BLOCK_MOST)
    at = putBlock(from, block, size, block + size == end, at, work)
    block += size
  } while (block < end)
  return at - to
}

/** Writes a frame's header: with the content's size, and in one segment if that fits the window. */
function putHeader(n: usize, to: usize): usize {
  store<u32>(to, MAGIC)
  to += 4
  if (n > WINDOW) {
    store<u8>(to, 2 << 6)
    store<u8>(to, (23 - 10) << 3, 1) // a window of 2^23
    store<u32>(to, n, 2)
    return to + 6
  }
  const form: u32 = n < 256 ? 0 : n < 65_792 ? 1 : 2
  store<u8>(to++, (form << 6) | 32)
  if (form == 0) store<u8>(to, n)
  else if (form == 1) store<u16>(to, n - 256)
  else store<u32>(to, n)
  return to + (1 << form)
}

function putBlock(base: usize, from: usize, n: usize, last: bool, to: usize, work: usize): usize {
  const content = to + 3
  keepOffsets()
  let end: usize = n < COMPRESSED_LEAST ? 0 : putSections(base, from, n, content, work)
  const type = end == 0 ? RAW : COMPRESSED
  if (type == RAW) {
    restoreOffsets()
    memory.copy(content, from, n)
    end = content + n
  }
  const header = <u32>last | (type << 1) | (<u32>(end - content) << 3)
  store<u16>(to, header)
  store<u8>(to, header >> 16, 2)
  return end
}

/** Writes a compressed block's sections and returns their end, or 0 if they are no shorter than the block. */
function putSections(base: usize, from: usize, n: usize, to: usize, work: usize): usize {
  findMatches(base, from, from + n, work)
  const limit = to + n - 1
  const literals = putLiterals(<u32>(literalsEnd - work - LITERALS), work, to)
  if (literals > limit) return 0
  const end = putSequences(<u32>((sequencesEnd - work - SEQUENCES) / SEQUENCE), work, literals, limit)
  return end > limit ? 0 : end
}
