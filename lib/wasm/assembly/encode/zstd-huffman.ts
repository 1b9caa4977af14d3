// Huffman codes of literals: lengths up to 11 bits, numbered as the format says (RFC 8878, 4.2).
import { CODES, COUNTS, TREE, WEIGHTS } from './zstd-work'

const LONGEST: u32 = 11

// In TREE: the symbols that occur, by count; nodes' counts, later depths; nodes' parents.
const NODES: usize = TREE + 1024
const PARENTS: usize = NODES + 2048

export let lastSymbol: u32 = 0

/**
 * Makes codes from the counts of two symbols or more and returns how many bits the data takes with them. Codes lie at
 * CODES (length << 16 | code), weights at WEIGHTS.
 */
export function makeCodes(work: usize): u32 {
  const symbols = sortByCount(work)
  const longest = limitLengths(symbols, treeLengths(symbols, work), work)
  return numberCodes(symbols, longest, work)
}

/** Lists `count << 8 | symbol` in ascending order. */
function sortByCount(work: usize): u32 {
  const keys = work + TREE
  let n: u32 = 0
  for (let symbol: u32 = 0; symbol < 256; symbol++) {
    const count = load<u32>(work + COUNTS + (symbol << 2))
    if (count == 0) continue
    store<u32>(keys + (n++ << 2), (count << 8) | symbol)
    lastSymbol = symbol
  }
  for (let gap: u32 = 121; gap > 0; gap /= 3) {
    for (let i = gap; i < n; i++) {
      const key = load<u32>(keys + (i << 2))
      let at = i
      for (; at >= gap && load<u32>(keys + ((at - gap) << 2)) > key; at -= gap) {
        store<u32>(keys + (at << 2), load<u32>(keys + ((at - gap) << 2)))
      }
      store<u32>(keys + (at << 2), key)
    }
  }
  return n
}

/** Joins the two rarest nodes until one is left; puts leaves' depths at NODES and returns the deepest. */
function treeLengths(symbols: u32, work: usize): u32 {
  const nodes = work + NODES
  const parents = work + PARENTS
  for (let i: u32 = 0; i < symbols; i++) store<u32>(nodes + (i << 2), load<u32>(work + TREE + (i << 2)) >> 8)
  let leaf: u32 = 0
  let inner = symbols
  const root: u32 = 2 * symbols - 2
  for (let node = symbols; node <= root; node++) {
    let sum: u32 = 0
    for (let child = 0; child < 2; child++) {
      const rarer = inner == node || load<u32>(nodes + (leaf << 2)) <= load<u32>(nodes + (inner << 2))
      const taken = leaf < symbols && rarer ? leaf++ : inner++
      sum += load<u32>(nodes + (taken << 2))
      store<u32>(parents + (taken << 2), node)
    }
    store<u32>(nodes + (node << 2), sum)
  }
  store<u32>(nodes + (root << 2), 0)
  for (let node = <i32>root - 1; node >= 0; node--) {
    store<u32>(nodes + (node << 2), load<u32>(nodes + (load<u32>(parents + (node << 2)) << 2)) + 1)
  }
  return load<u32>(nodes) // the rarest is the deepest
}

/** Shortens depths to 11 bits and keeps the code complete; returns the longest. */
function limitLengths(symbols: u32, deepest: u32, work: usize): u32 {
  if (deepest <= LONGEST) return deepest
  const nodes = work + NODES
  let room: i32 = 1 << LONGEST // codes of 11 bits that are left
  for (let i: u32 = 0; i < symbols; i++) {
    const length = min(load<u32>(nodes + (i << 2)), LONGEST)
    store<u32>(nodes + (i << 2), length)
    room -= 1 << (LONGEST - length)
  }
  for (let i: u32 = 0; room < 0; i++) {
    for (let length = load<u32>(nodes + (i << 2)); room < 0 && length < LONGEST; ) {
      room += 1 << (LONGEST - ++length)
      store<u32>(nodes + (i << 2), length)
    }
  }
  // What is too much goes to the most frequent that it suits.
  for (let i = <i32>symbols - 1; room > 0; i = i > 0 ? i - 1 : symbols - 1) {
    const length = load<u32>(nodes + (i << 2))
    const step = 1 << (LONGEST - length)
    if (step > room) continue
    room -= step
    store<u32>(nodes + (i << 2), length - 1)
  }
  let longest: u32 = 0
  for (let i: u32 = 0; i < symbols; i++) longest = max(longest, load<u32>(nodes + (i << 2)))
  return longest
}

/** Numbers codes: the longest first, those of a length by symbol. */
function numberCodes(symbols: u32, longest: u32, work: usize): u32 {
  const next = work + PARENTS // per length: how many, then the next code
  memory.fill(next, 0, 64)
  memory.fill(work + WEIGHTS, 0, 256)
  let bits: u32 = 0
  for (let i: u32 = 0; i < symbols; i++) {
    const key = load<u32>(work + TREE + (i << 2))
    const length = load<u32>(work + NODES + (i << 2))
    bits += (key >> 8) * length
    store<u8>(work + WEIGHTS + (key & 255), longest + 1 - length)
    store<u32>(next + (length << 2), load<u32>(next + (length << 2)) + 1)
  }
  let code: u32 = 0
  for (let length = longest; length > 0; length--) {
    const n = load<u32>(next + (length << 2))
    store<u32>(next + (length << 2), code)
    code = (code + n) >> 1
  }
  for (let symbol: u32 = 0; symbol <= lastSymbol; symbol++) {
    const weight = <u32>load<u8>(work + WEIGHTS + symbol)
    if (weight == 0) continue
    const length = longest + 1 - weight
    code = load<u32>(next + (length << 2))
    store<u32>(next + (length << 2), code + 1)
    store<u32>(work + CODES + (symbol << 2), (length << 16) | code)
  }
  return bits
}
