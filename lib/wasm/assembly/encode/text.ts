// Entries are words as PLAIN stores them: 4 bytes of length, then UTF-8. `starts` has the offset of each.

/** Writes the entries of codes one behind the other. Returns the bytes written. */
export function copyEntries(codes: usize, n: i32, entries: usize, starts: usize, out: usize): i32 {
  const start = out
  for (let i = 0; i < n; i++) {
    const entry = entryOf(codes + (<usize>i << 2), entries, starts)
    const size = load<u32>(entry) + 4
    // Whole vectors: what is too much is overwritten by the next entry.
    for (let k: usize = 0; k < size; k += 16) v128.store(out + k, v128.load(entry + k))
    out += size
  }
  return <i32>(out - start)
}

/** Returns the bytes of the entries of codes. */
export function entryBytes(codes: usize, n: i32, entries: usize, starts: usize): f64 {
  let bytes: u64 = 0
  for (let i = 0; i < n; i++) bytes += load<u32>(entryOf(codes + (<usize>i << 2), entries, starts)) + 4
  return <f64>bytes
}

/**
 * Writes the codes (4 bytes each) of the words that come first and last in the order of their bytes. `seen` has a byte a
 * word, all zero: each word is compared once. There is one code at least.
 */
export function extremesText(codes: usize, n: i32, entries: usize, starts: usize, seen: usize, out: usize): void {
  let first = load<u32>(codes)
  let last = first
  let least = entryOf(codes, entries, starts)
  let most = least
  for (let i = 1; i < n; i++) {
    const at = codes + (<usize>i << 2)
    const code = load<u32>(at)
    if (load<u8>(seen + code)) continue
    store<u8>(seen + code, 1)
    const entry = entryOf(at, entries, starts)
    if (before(entry, least)) {
      least = entry
      first = code
    } else if (before(most, entry)) {
      most = entry
      last = code
    }
  }
  store<u32>(out, first)
  store<u32>(out, last, 4)
}

@inline function entryOf(code: usize, entries: usize, starts: usize): usize {
  return entries + load<u32>(starts + (<usize>load<u32>(code) << 2))
}

function before(a: usize, b: usize): bool {
  const left = load<u32>(a)
  const right = load<u32>(b)
  const both: usize = min(left, right)
  let k: usize = 4
  for (; k + 8 <= both + 4; k += 8) {
    const x = bswap(load<u64>(a + k))
    const y = bswap(load<u64>(b + k))
    if (x != y) return x < y
  }
  for (; k < both + 4; k++) {
    const x = load<u8>(a + k)
    const y = load<u8>(b + k)
    if (x != y) return x < y
  }
  return left < right
}
