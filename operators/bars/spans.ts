import { BasaltError, type Column, longsOf } from '../../lib/core/index.js'

/** First and last row of each of the rows that are made of them; rows follow one another. */
export interface Spans {
  first: Int32Array
  last: Int32Array
}

/** Adds the values of each span from left to right. */
export function sums(values: Float64Array, { first, last }: Spans): Float64Array {
  const totals = new Float64Array(last.length)
  for (let span = 0; span < totals.length; span++) {
    let total = 0
    for (let i = first[span]; i <= last[span]; i++) total += values[i]
    totals[span] = total
  }
  return totals
}

/**
 * Adds sizes of each span, given as they are and as doubles, none null: integers stay 64-bit. A sum beyond 2^63-1 is a data
 * fault, which names the span by what it is, as `bar 3`.
 */
export function exactSums(size: Column, sizes: Float64Array, spans: Spans, what: string): Column {
  if (size.type !== 'i64') return doubleColumn(sums(sizes, spans))
  const beyond = sizes.reduce((total, value) => total + value, 0) > Number.MAX_SAFE_INTEGER
  return longColumn(beyond ? longSums(size.values, spans, what) : longsOf(sums(sizes, spans)))
}

/** Adds integers that do not fit doubles. */
function longSums(values: BigInt64Array, { first, last }: Spans, what: string): BigInt64Array {
  const totals = new BigInt64Array(last.length)
  for (let span = 0; span < totals.length; span++) {
    let total = 0n
    for (let i = first[span]; i <= last[span]; i++) total += values[i]
    if (BigInt.asIntN(64, total) !== total)
      throw new BasaltError('data', `${what} ${span}: a sum of integers reached ${total}, beyond the 64-bit range`)
    totals[span] = total
  }
  return totals
}

export const doubleColumn = (values: Float64Array): Column => ({ type: 'f64', values, valid: null })

export const longColumn = (values: BigInt64Array): Column => ({ type: 'i64', values, valid: null })
