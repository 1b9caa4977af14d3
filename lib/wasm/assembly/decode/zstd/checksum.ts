const PRIME1: u64 = 0x9e3779b185ebca87
const PRIME2: u64 = 0xc2b2ae3d27d4eb4f
const PRIME3: u64 = 0x165667b19e3779f9
const PRIME4: u64 = 0x85ebca77c2b2ae63
const PRIME5: u64 = 0x27d4eb2f165667c5

@inline
function round(sum: u64, word: u64): u64 {
  return rotl<u64>(sum + word * PRIME2, 31) * PRIME1
}

@inline
function merged(hash: u64, sum: u64): u64 {
  return (hash ^ round(0, sum)) * PRIME1 + PRIME4
}

/** Computes the XXH64 hash of n bytes with seed 0, whose lower half ends a frame. */
export function checksum(from: usize, n: usize): u64 {
  const end = from + n
  let hash: u64 = PRIME5
  if (n >= 32) {
    let a: u64 = PRIME1 + PRIME2
    let b: u64 = PRIME2
    let c: u64 = 0
    let d: u64 = 0 - PRIME1
    for (; from + 32 <= end; from += 32) {
      a = round(a, load<u64>(from))
      b = round(b, load<u64>(from, 8))
      c = round(c, load<u64>(from, 16))
      d = round(d, load<u64>(from, 24))
    }
    hash = rotl<u64>(a, 1) + rotl<u64>(b, 7) + rotl<u64>(c, 12) + rotl<u64>(d, 18)
    hash = merged(merged(merged(merged(hash, a), b), c), d)
  }
  hash += <u64>n
  for (; from + 8 <= end; from += 8) hash = rotl<u64>(hash ^ round(0, load<u64>(from)), 27) * PRIME1 + PRIME4
  if (from + 4 <= end) {
    hash = rotl<u64>(hash ^ (<u64>load<u32>(from) * PRIME1), 23) * PRIME2 + PRIME3
    from += 4
  }
  for (; from < end; from++) hash = rotl<u64>(hash ^ (<u64>load<u8>(from) * PRIME5), 11) * PRIME1
  hash = (hash ^ (hash >> 33)) * PRIME2
  hash = (hash ^ (hash >> 29)) * PRIME3
  return hash ^ (hash >> 32)
}
