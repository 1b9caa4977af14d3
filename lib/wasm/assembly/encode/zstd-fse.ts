// Finite state entropy codes (RFC 8878, 4.1): shares of symbols, their description, the encoder's tables.

/** Returns the position of the highest bit set; `x` is not 0. */
// @ts-ignore: decorators are AssemblyScript's
@inline
export function topBit(x: u32): u32 {
  return 31 - clz(x)
}

/** Returns log2 of the number of states that suit `total` symbols up to `last`. */
export function statesLog(total: u32, last: u32, most: u32): u32 {
  const few = topBit(total - 1) - 2 // four occurrences a state, or the description costs more than it saves
  const needed = min(topBit(total) + 1, topBit(last) + 2)
  return min(most, max(5, max(<i32>few, <i32>needed)))
}

/** Shares 2^log states among symbols 0 to `last` by their counts: one at least for each that occurs. */
export function shareStates(counts: usize, last: u32, total: u32, log: u32, norms: usize): void {
  let left = <i32>(1 << log)
  for (let symbol: u32 = 0; symbol <= last; symbol++) {
    const count = load<u32>(counts + (symbol << 2))
    const share = count == 0 ? 0 : max<u32>(1, <u32>(((<u64>count) << log) / total))
    store<i16>(norms + (symbol << 1), share)
    left -= share
  }
  for (; left > 0; left--) addTo(norms, mostGaining(counts, last, norms), 1)
  for (; left < 0; left++) addTo(norms, leastLosing(counts, last, norms), -1)
}

function addTo(norms: usize, symbol: u32, change: i32): void {
  store<i16>(norms + (symbol << 1), load<i16>(norms + (symbol << 1)) + change)
}

/** Returns the symbol that saves most bits by one more state: of n, about count / (n + 1/2). */
function mostGaining(counts: usize, last: u32, norms: usize): u32 {
  let best: u32 = 0
  let most: u64 = 0
  for (let symbol: u32 = 0; symbol <= last; symbol++) {
    const gain = (<u64>load<u32>(counts + (symbol << 2)) << 16) / (2 * load<i16>(norms + (symbol << 1)) + 1)
    if (gain > most) {
      most = gain
      best = symbol
    }
  }
  return best
}

function leastLosing(counts: usize, last: u32, norms: usize): u32 {
  let best: u32 = 0
  let least: u64 = u64.MAX_VALUE
  for (let symbol: u32 = 0; symbol <= last; symbol++) {
    const norm = load<i16>(norms + (symbol << 1))
    if (norm < 2) continue
    const loss = (<u64>load<u32>(counts + (symbol << 2)) << 16) / (2 * norm - 1)
    if (loss < least) {
      least = loss
      best = symbol
    }
  }
  return best
}

/** Writes the description of shares and returns its end. */
export function describeShares(norms: usize, last: u32, log: u32, to: usize): usize {
  let bits: u64 = log - 5
  let held: u32 = 4
  let left = (1 << log) + 1
  let symbol: u32 = 0
  while (left > 1) {
    const norm = <i32>load<i16>(norms + (symbol++ << 1))
    const width = topBit(left) + 1
    const spare = (1 << width) - 1 - left // so many of the values take a bit less
    const value = norm + 1
    left -= abs(norm)
    if (value < spare) {
      bits |= (<u64>value) << held
      held += width - 1
    } else {
      bits |= (<u64>(value >= 1 << (width - 1) ? value + spare : value)) << held
      held += width
    }
    if (norm == 0) {
      // After a symbol without states, the number of further ones follows: in two bits each, 3 meaning more to come.
      let zeros: u32 = 0
      while (symbol + zeros <= last && load<i16>(norms + ((symbol + zeros) << 1)) == 0) zeros++
      symbol += zeros
      for (; zeros >= 3; zeros -= 3) {
        bits |= (<u64>3) << held
        held += 2
        if (held >= 32) {
          store<u32>(to, bits)
          to += 4
          bits >>= 32
          held -= 32
        }
      }
      bits |= (<u64>zeros) << held
      held += 2
    }
    if (held >= 32) {
      store<u32>(to, bits)
      to += 4
      bits >>= 32
      held -= 32
    }
  }
  store<u32>(to, bits)
  return to + ((held + 7) >> 3)
}

/** Makes the encoder of shares: per symbol the two differences that lead to its bits and next states, then states. */
export function makeEncoder(norms: usize, last: u32, log: u32, spread: usize, encoder: usize): void {
  const size: u32 = 1 << log
  let top = size - 1
  for (let symbol: u32 = 0; symbol <= last; symbol++) {
    if (load<i16>(norms + (symbol << 1)) < 0) store<u8>(spread + top--, symbol)
  }
  const step = (size >> 1) + (size >> 3) + 3
  let at: u32 = 0
  for (let symbol: u32 = 0; symbol <= last; symbol++) {
    for (let n = <i32>load<i16>(norms + (symbol << 1)); n > 0; n--) {
      store<u8>(spread + at, symbol)
      do at = (at + step) & (size - 1)
      while (at > top)
    }
  }
  let first: u32 = 0
  for (let symbol: u32 = 0; symbol <= last; symbol++) {
    const norm = abs(<i32>load<i16>(norms + (symbol << 1)))
    if (norm == 0) continue
    const bits = norm == 1 ? log : log - topBit(norm - 1)
    store<u32>(encoder + (symbol << 3), (bits << 16) - (norm << bits))
    store<i32>(encoder + (symbol << 3), first - norm, 4)
    first += norm
  }
  placeStates(norms, last, size, spread, encoder)
}

/** Lists each symbol's states in order, all symbols' one after the other. */
function placeStates(norms: usize, last: u32, size: u32, spread: usize, encoder: usize): void {
  const next = encoder + ENCODER_NEXT
  let first: u32 = 0
  for (let symbol: u32 = 0; symbol <= last; symbol++) {
    store<u32>(next + (symbol << 2), first)
    first += abs(<i32>load<i16>(norms + (symbol << 1)))
  }
  for (let state: u32 = 0; state < size; state++) {
    const slot = next + (<u32>load<u8>(spread + state) << 2)
    const place = load<u32>(slot)
    store<u16>(encoder + ENCODER_STATES + (place << 1), size + state)
    store<u32>(slot, place + 1)
  }
}

export const ENCODER_STATES: usize = 512
const ENCODER_NEXT: usize = 1536

/** Makes the encoder of a symbol that is the only one: no bits. */
export function makeConstantEncoder(symbol: u32, encoder: usize): void {
  store<u64>(encoder + (symbol << 3), 0)
  store<u16>(encoder + ENCODER_STATES, 0)
}

/** Returns the state in which the last symbol is known. */
export function firstState(encoder: usize, symbol: u32): u32 {
  const bits = load<u32>(encoder + (symbol << 3))
  const n = (bits + 0x8000) >> 16
  return nextState(encoder, symbol, (n << 16) - bits, n)
}

/** Returns how many of a state's low bits are written before a symbol. */
// @ts-ignore: decorators are AssemblyScript's
@inline
export function stateBits(encoder: usize, symbol: u32, state: u32): u32 {
  return (state + load<u32>(encoder + (symbol << 3))) >> 16
}

// @ts-ignore: decorators are AssemblyScript's
@inline
export function nextState(encoder: usize, symbol: u32, state: u32, bits: u32): u32 {
  const place = <i32>(state >> bits) + load<i32>(encoder + (symbol << 3), 4)
  return load<u16>(encoder + ENCODER_STATES + (place << 1))
}
