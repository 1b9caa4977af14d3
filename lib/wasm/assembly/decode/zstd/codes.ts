import { BAD_TABLE, CUT } from '../fault'
import { accuracy, buildStates, readCounts, symbols } from './entropy'
import { COUNTS, LITERAL_LENGTHS, MATCH_LENGTHS, OFFSETS } from './workspace'

const LITERAL_BASES: usize = memory.data<u32>([
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20, 22, 24, 28, 32, 40, 48, 64, 128, 256, 512, 1024,
  2048, 4096, 8192, 16384, 32768, 65536,
])
const LITERAL_EXTRA: usize = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
])
const LITERAL_COUNTS: usize = memory.data<i8>([
  4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1,
])
const MATCH_BASES: usize = memory.data<u32>([
  3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33,
  34, 35, 37, 39, 41, 43, 47, 51, 59, 67, 83, 99, 131, 259, 515, 1027, 2051, 4099, 8195, 16387, 32771, 65539,
])
const MATCH_EXTRA: usize = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3,
  3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
])
const MATCH_COUNTS: usize = memory.data<i8>([
  1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
  1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
])
const OFFSET_COUNTS: usize = memory.data<i8>([
  1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1,
])

/** Bits of a state of each table; -1 while a frame has none, which a block may not ask to repeat. */
export let literalBits: i32 = -1
export let offsetBits: i32 = -1
export let matchBits: i32 = -1

/** Forgets the tables: a frame begins without any. */
export function resetCodes(): void {
  literalBits = -1
  offsetBits = -1
  matchBits = -1
}

/**
 * Reads the three tables of a block's sequences, whose kinds are bits of the byte at `from`. An entry is u32 base, u8
 * extra bits, u8 state bits, u16 next state. Returns bytes read or a fault.
 */
export function readCodes(from: usize, end: usize, ws: usize): i32 {
  if (from >= end) return CUT
  const kinds: u32 = load<u8>(from)
  if ((kinds & 3) != 0) return BAD_TABLE
  let at = from + 1
  let fault = readTable(kinds >> 6, at, end, ws, LITERAL_LENGTHS, literalBits, LITERAL_COUNTS, 36, 36, 6, 9)
  if (fault < 0) return fault
  at += fault
  literalBits = stateBits
  addBases(ws + LITERAL_LENGTHS, kinds >> 6, LITERAL_BASES, LITERAL_EXTRA)

  fault = readTable((kinds >> 4) & 3, at, end, ws, OFFSETS, offsetBits, OFFSET_COUNTS, 29, 32, 5, 8)
  if (fault < 0) return fault
  at += fault
  offsetBits = stateBits
  addBases(ws + OFFSETS, (kinds >> 4) & 3, 0, 0)

  fault = readTable((kinds >> 2) & 3, at, end, ws, MATCH_LENGTHS, matchBits, MATCH_COUNTS, 53, 53, 6, 9)
  if (fault < 0) return fault
  at += fault
  matchBits = stateBits
  addBases(ws + MATCH_LENGTHS, (kinds >> 2) & 3, MATCH_BASES, MATCH_EXTRA)
  return <i32>(at - from)
}

let stateBits: i32 = 0

/** Builds one table of symbols: 0 the usual one, 1 of a single symbol, 2 described here, 3 as before. Returns bytes. */
function readTable(
  kind: u32,
  from: usize,
  end: usize,
  ws: usize,
  table: usize,
  before: i32,
  usual: usize,
  usualSymbols: u32,
  allSymbols: u32,
  usualBits: i32,
  mostBits: u32,
): i32 {
  if (kind == 3) {
    stateBits = before
    return before < 0 ? BAD_TABLE : 0
  }
  if (kind == 1) {
    if (from >= end) return CUT
    const symbol = load<u8>(from)
    if (symbol >= allSymbols) return BAD_TABLE
    store<u64>(ws + table, symbol)
    stateBits = 0
    return 1
  }
  let count = usualSymbols
  let read: i32 = 0
  stateBits = usualBits
  if (kind == 0) {
    for (let s: u32 = 0; s < count; s++) store<i16>(ws + COUNTS + (s << 1), <i16>load<i8>(usual + s))
  } else {
    read = readCounts(from, end, ws, allSymbols - 1, mostBits)
    if (read < 0) return read
    count = symbols
    stateBits = accuracy
  }
  buildStates(ws + table, ws, count, stateBits, 3)
  return read
}

/** Puts base and extra bits of each symbol in its place; those of offsets are powers of two. */
function addBases(table: usize, kind: u32, bases: usize, extra: usize): void {
  if (kind == 3) return
  const end = table + (<usize>8 << stateBits)
  for (; table < end; table += 8) {
    const symbol: usize = load<u8>(table)
    store<u32>(table, bases ? load<u32>(bases + (symbol << 2)) : 1 << <u32>symbol)
    store<u8>(table, extra ? load<u8>(extra + symbol) : <u8>symbol, 4)
  }
}
