import { BAD_CHECKSUM, BAD_HEADER, BAD_SIZE, CUT, NEEDS_DICTIONARY, TOO_LONG } from '../fault'
import { checksum } from './checksum'
import { resetCodes } from './codes'
import { readLiterals, resetTree } from './literals'
import { resetDistances, runSequences } from './sequences'
import { MAX_BLOCK } from './workspace'

const MAGIC: u32 = 0xfd2fb528
const SKIPPABLE: u32 = 0x184d2a50 // and the 15 that follow it

/** Decompresses all frames of [from, end) to exactly [to, limit). Returns 0 or a fault. Both need 64 bytes of slack. */
export function zstd(from: usize, end: usize, to: usize, limit: usize, ws: usize): i32 {
  while (from < end) {
    if (end - from < 5) return CUT
    const magic = load<u32>(from)
    if ((magic & 0xffff_fff0) == SKIPPABLE) {
      if (end - from < 8 || load<u32>(from, 4) > <u32>(end - from - 8)) return CUT
      from += 8 + load<u32>(from, 4)
      continue
    }
    if (magic != MAGIC) return BAD_HEADER
    written = to
    const read = readFrame(from + 4, end, to, limit, ws)
    if (read < 0) return read
    from += 4 + read
    to = written
  }
  return to == limit ? 0 : BAD_SIZE
}

let written: usize = 0 // end of what the last frame wrote

/** Decompresses one frame behind its magic number. Returns the bytes read or a fault. */
function readFrame(from: usize, end: usize, to: usize, limit: usize, ws: usize): i32 {
  const descriptor: u32 = load<u8>(from)
  const single = (descriptor >> 5) & 1
  const sized = descriptor >> 6
  const idBytes: u32 = (1 << (descriptor & 3)) >> 1 // 0, 1, 2, 4
  const sizeBytes: u32 = sized == 0 ? single : 1 << sized
  let at = from + 1
  if (1 - single + idBytes + sizeBytes > <u32>(end - at)) return CUT
  if ((descriptor & 8) != 0) return BAD_HEADER // reserved
  let window: u64 = 0
  if (!single) {
    const exponent: u64 = load<u8>(at) >> 3
    window = (<u64>1 << (10 + exponent)) + ((<u64>1 << (7 + exponent)) * (load<u8>(at) & 7))
    at++
  }
  if (idBytes > 0 && (load<u32>(at) & (u32.MAX_VALUE >> (32 - (idBytes << 3)))) != 0) return NEEDS_DICTIONARY
  at += idBytes
  let size: u64 = 0
  if (sizeBytes > 0) {
    size = load<u64>(at) & (u64.MAX_VALUE >> (64 - (<u64>sizeBytes << 3)))
    if (sizeBytes == 2) size += 256
    if (size > <u64>(limit - to)) return TOO_LONG
    at += sizeBytes
  }
  if (single) window = size
  const read = readBlocks(at, end, to, limit, <usize>min<u64>(window, <u64>u32.MAX_VALUE), ws)
  if (read < 0) return read
  at += read
  if (sizeBytes > 0 && size != <u64>(written - to)) return BAD_SIZE
  if ((descriptor & 4) != 0) {
    if (end - at < 4) return CUT
    if (load<u32>(at) != <u32>checksum(to, written - to)) return BAD_CHECKSUM
    at += 4
  }
  return <i32>(at - from)
}

/** Decompresses the blocks of a frame. Returns the bytes read or a fault; `written` is where they end. */
function readBlocks(from: usize, end: usize, to: usize, limit: usize, window: usize, ws: usize): i32 {
  resetTree()
  resetCodes()
  resetDistances()
  const first = from
  const start = to
  for (let last: u32 = 0; !last; ) {
    if (end - from < 3) return CUT
    const header = load<u32>(from) & 0xff_ffff
    const kind = (header >> 1) & 3
    const size: usize = header >> 3
    last = header & 1
    from += 3
    if (kind == 3 || size > MAX_BLOCK) return BAD_HEADER
    const packed: usize = kind == 1 ? 1 : size
    if (packed > end - from) return CUT
    if (kind == 2) {
      const head = readLiterals(from, from + size, ws)
      if (head < 0) return head
      const n = runSequences(from + head, from + size, to, limit, start, window, ws)
      if (n < 0) return n
      to += n
    } else {
      if (size > limit - to) return TOO_LONG
      if (kind == 1) memory.fill(to, load<u8>(from), size)
      else memory.copy(to, from, size)
      to += size
    }
    from += packed
  }
  written = to
  return <i32>(from - first)
}
