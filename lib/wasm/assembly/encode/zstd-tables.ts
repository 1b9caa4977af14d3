// Which shares a block's symbols are coded with: those of the format, a single symbol's, or their own.
import { describeShares, makeConstantEncoder, makeEncoder, shareStates, statesLog } from './zstd-fse'
import { NORMS, SPREAD } from './zstd-work'

const PREDEFINED: u32 = 0
const CONSTANT: u32 = 1
const OWN: u32 = 2

export let chosenForm: u32 = 0
export let chosenLog: u32 = 0

/**
 * Makes the encoder that takes the fewest bits for `n` symbols with these counts, and describes it at `to`. Returns the
 * end of the description.
 */
export function chooseEncoder(
  counts: usize,
  last: u32,
  n: u32,
  predefined: usize,
  predefinedLast: u32,
  predefinedLog: u32,
  mostLog: u32,
  work: usize,
  encoder: usize,
  to: usize,
): usize {
  while (load<u32>(counts + (last << 2)) == 0) last--
  if (load<u32>(counts + (last << 2)) == n) {
    makeConstantEncoder(last, encoder)
    chosenForm = CONSTANT
    chosenLog = 0
    store<u8>(to, last)
    return to + 1
  }
  const log = statesLog(n, last, mostLog)
  const norms = work + NORMS
  shareStates(counts, last, n, log, norms)
  const end = describeShares(norms, last, log, to)
  const own = cost(counts, last, norms, log) + (<u32>(end - to) << 11)
  if (last <= predefinedLast && cost(counts, last, predefined, predefinedLog) <= own) {
    makeEncoder(predefined, predefinedLast, predefinedLog, work + SPREAD, encoder)
    chosenForm = PREDEFINED
    chosenLog = predefinedLog
    return to
  }
  makeEncoder(norms, last, log, work + SPREAD, encoder)
  chosenForm = OWN
  chosenLog = log
  return end
}

/** Returns about how many bits symbols take, in 256ths. */
function cost(counts: usize, last: u32, norms: usize, log: u32): u32 {
  let sum: u32 = 0
  for (let symbol: u32 = 0; symbol <= last; symbol++) {
    const count = load<u32>(counts + (symbol << 2))
    if (count == 0) continue
    sum += count * ((log << 8) - log2(abs(<i32>load<i16>(norms + (symbol << 1)))))
  }
  return sum
}

/** Returns log2 of a whole number in 256ths, rounded down: by squaring, as floats' logarithms take long. */
function log2(x: u32): u32 {
  let result = 31 - clz(x)
  let mantissa = (<u64>x) << (31 - result) // between 2^31 and 2^32
  for (let bit = 0; bit < 8; bit++) {
    mantissa = (mantissa * mantissa) >> 31
    const carry = <u32>(mantissa >> 32)
    mantissa >>= carry
    result = (result << 1) | carry
  }
  return result
}
