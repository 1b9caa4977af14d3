import { BAD_HEADER, BAD_TABLE, CUT } from '../fault'
import { decodeStream, decodeStreams } from './streams'
import { readTree } from './tree'
import { LITERALS, MAX_BLOCK } from './workspace'

/** Where the literals of the block at hand are. */
export let literals: usize = 0
export let literalsEnd: usize = 0

let hasTree: bool = false

/** Forgets the code tree: a frame begins without one. */
export function resetTree(): void {
  hasTree = false
}

/** Reads the literals section of a block [from, end), with 5 bytes of its header in reach. Returns its bytes. */
export function readLiterals(from: usize, end: usize, ws: usize): i32 {
  if (from >= end) return CUT
  const header = load<u64>(from)
  const kind = <u32>header & 3
  const format = (<u32>header >> 2) & 3
  if (kind < 2) return readPlain(from, end, <u32>header, kind, format, ws)
  return readPacked(from, end, header, kind, format, ws)
}

function readPlain(from: usize, end: usize, header: u32, kind: u32, format: u32, ws: usize): i32 {
  const bytes: u32 = format == 1 ? 2 : format == 3 ? 3 : 1
  const n = bytes == 1 ? (header & 0xff) >> 3 : bytes == 2 ? (header & 0xffff) >> 4 : (header & 0xff_ffff) >> 4
  const all = bytes + (kind == 0 ? n : 1)
  if (n > MAX_BLOCK) return BAD_HEADER
  if (all > <u32>(end - from)) return CUT
  literals = from + bytes
  if (kind == 1) {
    literals = ws + LITERALS
    memory.fill(literals, load<u8>(from + bytes), n)
  }
  literalsEnd = literals + n
  return all
}

function readPacked(from: usize, end: usize, header: u64, kind: u32, format: u32, ws: usize): i32 {
  const bytes: u32 = format < 2 ? 3 : format + 2
  const width: u64 = format < 2 ? 10 : format == 2 ? 14 : 18
  const mask: u64 = (<u64>1 << width) - 1
  const n = <u32>((header >> 4) & mask)
  const packed = <u32>((header >> (4 + width)) & mask)
  if (n > MAX_BLOCK) return BAD_HEADER
  if (bytes + packed > <u32>(end - from)) return CUT
  const last = from + bytes + packed
  let at = from + bytes
  if (kind == 2) {
    const read = readTree(at, last, ws)
    if (read < 0) return read
    at += read
    hasTree = true
  } else if (!hasTree) return BAD_TABLE
  literals = ws + LITERALS
  literalsEnd = literals + n
  const fault = format == 0 ? decodeStream(at, last, literals, n, ws) : decodeStreams(at, last, literals, n, ws)
  return fault < 0 ? fault : bytes + packed
}
