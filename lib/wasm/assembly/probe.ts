/** Copies `n` bytes, a multiple of 16 rounded up: the callers' arrays have that much room behind them. */
export function copied(from: usize, n: usize, to: usize): usize {
  for (let i: usize = 0; i < n; i += 16) v128.store(to + i, v128.load(from + i))
  return n
}
