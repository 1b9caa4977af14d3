// Finds repeats: the last place with the same 8 bytes, or else the same 5, or else the last offsets again.
import { LITERALS, LONG, LONG_BITS, SEQUENCE, SEQUENCES, SHORT, SHORT_BITS } from './zstd-work'

export const WINDOW: usize = 8_388_608 // the farthest that every decoder has to reach back
const MARGIN: usize = 16 // bytes at a block's end without a search

// The last three offsets, as the decoder keeps them.
let offset1: u32 = 1
let offset2: u32 = 4
let offset3: u32 = 8
let kept1: u32 = 1
let kept2: u32 = 4
let kept3: u32 = 8

let longShift: u64 = 0
let shortShift: u64 = 0

export let literalsEnd: usize = 0
export let sequencesEnd: usize = 0

/** Forgets what was found before, ahead of an input of `n` bytes. */
export function startMatching(n: usize, work: usize): void {
  offset1 = 1
  offset2 = 4
  offset3 = 8
  // Tables of an input's own size: small pages need not clear large ones.
  const bits = max<u32>(10, 32 - clz(<u32>n))
  const long = min(LONG_BITS, bits)
  const short = min(SHORT_BITS, bits)
  longShift = 64 - long
  shortShift = 64 - short
  memory.fill(work + LONG, 0, 4 << long)
  memory.fill(work + SHORT, 0, 4 << short)
}

export function keepOffsets(): void {
  kept1 = offset1
  kept2 = offset2
  kept3 = offset3
}

/** Takes the offsets of before a block whose sequences the decoder does not see. */
export function restoreOffsets(): void {
  offset1 = kept1
  offset2 = kept2
  offset3 = kept3
}

// @ts-ignore: decorators are AssemblyScript's
@inline
function longSlot(bytes: u64, work: usize): usize {
  return work + LONG + ((<usize>((bytes * 0xcf1bbcdcb7a56463) >> longShift)) << 2)
}

// @ts-ignore: decorators are AssemblyScript's
@inline
function shortSlot(bytes: u64, work: usize): usize {
  return work + SHORT + ((<usize>(((bytes << 24) * 0x9fb21c651e98df25) >> shortShift)) << 2)
}

/** Splits a block of the input that starts at `base` into sequences and literals. */
export function findMatches(base: usize, start: usize, end: usize, work: usize): void {
  literalsEnd = work + LITERALS
  sequencesEnd = work + SEQUENCES
  let anchor = start
  let at = start == base ? start + 1 : start
  const last = end - MARGIN
  while (<isize>at < <isize>last) {
    const bytes = load<u64>(at)
    const long = longSlot(bytes, work)
    const short = shortSlot(bytes, work)
    let from = <usize>load<u32>(long)
    const near = <usize>load<u32>(short)
    store<u32>(long, at)
    store<u32>(short, at)
    const found = at
    const again = at + 1 - offset1
    let length: usize
    if (load<u32>(again) == <u32>(bytes >> 8) && again >= base) {
      at++
      from = again
      length = equalBytes(from + 4, at + 4, end) + 4
    } else {
      if (load<u64>(from) == bytes && from != 0 && at - from <= WINDOW) {
        length = equalBytes(from + 8, at + 8, end) + 8
      } else if (load<u32>(near) == <u32>bytes && near != 0 && at - near <= WINDOW) {
        // Eight bytes from the next place on are worth more than five from here.
        const next = load<u64>(at + 1)
        const slot = longSlot(next, work)
        from = load<u32>(slot)
        store<u32>(slot, at + 1)
        if (load<u64>(from) == next && from != 0 && at + 1 - from <= WINDOW) {
          at++
          length = equalBytes(from + 8, at + 8, end) + 8
        } else {
          from = near
          length = equalBytes(from + 4, at + 4, end) + 4
        }
      } else {
        at += ((at - anchor) >> 8) + 1
        continue
      }
      while (at > anchor && from > base && load<u8>(at - 1) == load<u8>(from - 1)) {
        at--
        from--
        length++
      }
    }
    putSequence(anchor, at, length, <u32>(at - from))
    at += length
    anchor = at
    if (at < last) {
      insert(found + 2, work)
      store<u32>(longSlot(load<u64>(at - 2), work), at - 2)
      store<u32>(shortSlot(load<u64>(at - 1), work), at - 1)
      while (at < last && load<u32>(at) == load<u32>(at - offset2) && at - offset2 >= base) {
        const repeat = equalBytes(at + 4 - offset2, at + 4, end) + 4
        insert(at, work)
        putSequence(at, at, repeat, offset2)
        at += repeat
        anchor = at
      }
    }
  }
  copyLiterals(anchor, end)
}

function insert(at: usize, work: usize): void {
  const bytes = load<u64>(at)
  store<u32>(longSlot(bytes, work), at)
  store<u32>(shortSlot(bytes, work), at)
}

/** Counts how far two places agree, the second of them up to the end. */
// @ts-ignore: decorators are AssemblyScript's
@inline
function equalBytes(from: usize, at: usize, end: usize): usize {
  let next = at
  while (next + 8 <= end) {
    const difference = load<u64>(next) ^ load<u64>(from)
    if (difference != 0) return next - at + <usize>(ctz(difference) >> 3)
    next += 8
    from += 8
  }
  while (next < end && load<u8>(next) == load<u8>(from)) {
    next++
    from++
  }
  return next - at
}

function putSequence(anchor: usize, at: usize, length: usize, offset: u32): void {
  copyLiterals(anchor, at)
  const sequence = sequencesEnd
  store<u32>(sequence, at - anchor)
  store<u32>(sequence, length - 3, 4)
  store<u32>(sequence, offsetCode(offset, at != anchor), 8)
  sequencesEnd = sequence + SEQUENCE
}

// @ts-ignore: decorators are AssemblyScript's
@inline
function copyLiterals(from: usize, end: usize): void {
  let to = literalsEnd
  literalsEnd = to + (end - from)
  for (; from < end; from += 16) {
    v128.store(to, v128.load(from))
    to += 16
  }
}

/** Returns 1 to 3 for one of the last offsets, else the offset + 3, and remembers it. Without literals before a match
 * the first of the last offsets is left out, and the third code is that one less a byte. */
function offsetCode(offset: u32, literals: bool): u32 {
  if (literals && offset == offset1) return 1
  const shift: u32 = literals ? 0 : 1
  if (offset == offset2) {
    offset2 = offset1
    offset1 = offset
    return 2 - shift
  }
  const third = offset == offset3
  const less = !literals && offset == offset1 - 1
  offset3 = offset2
  offset2 = offset1
  offset1 = offset
  return third ? 3 - shift : less ? 3 : offset + 3
}
