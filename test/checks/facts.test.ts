import t from 'tap'
import { ResultFacts } from '../../lib/checks/index.js'
import type { Quality } from '../../lib/checks/pass-checks.js'
import { batchOf, type Column, type ColumnSpec } from '../../lib/core/index.js'

/**
 * Columns of every type that has a range, with nulls and with 64-bit integers that no double tells apart and whose low
 * halves are on both sides of 2³¹.
 */
const SPECS: ColumnSpec[] = [
  { name: 'price', type: 'f64' },
  { name: 'stamp', type: 'i64' },
  { name: 'venue', type: 'i32' },
]
const ROWS = 400
const FIRST = -(2n ** 54n) - 2n ** 31n - 4n

let seed = 7
const random = () => {
  seed = (Math.imul(seed, 1103515245) + 12345) >>> 0
  return seed / 2 ** 32
}

const valid = Uint8Array.from({ length: ROWS }, () => (random() < 0.7 ? 1 : 0))
const columns: Column[] = [
  { type: 'f64', values: Float64Array.from({ length: ROWS }, () => random() * 10 - 5), valid },
  {
    type: 'i64',
    values: BigInt64Array.from({ length: ROWS }, (_, i) => (i % 2 ? FIRST : -FIRST) + BigInt(Math.floor(random() * 9))),
    valid,
  },
  { type: 'i32', values: Int32Array.from({ length: ROWS }, () => Math.floor(random() * 100) - 50), valid: null },
]
const batch = batchOf(SPECS, columns, ROWS)

const quality: Quality = {
  at: 'QUALITY_CHECKS',
  nullRateMax: 0,
  columns: SPECS.map(({ name }) => name),
  ranges: SPECS.map(({ name }) => ({ column: name, min: 0, max: 0 })),
  action: 'warn',
}
const checks = { columns: quality.columns, quality }

function inOneGo(): ResultFacts {
  const facts = new ResultFacts(checks)
  facts.add(batch)
  return facts
}

t.test('nulls and extremes are those of the values, one by one', async t => {
  const facts = inOneGo()
  t.equal(facts.rows, ROWS)
  for (const [i, { name }] of SPECS.entries()) {
    const { values, valid } = columns[i]
    const present = [...(values as Iterable<number | bigint>)].filter((_, row) => !valid || valid[row])
    t.equal(facts.nulls.get(name), ROWS - present.length, name)
    const ordered = present.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    t.strictSame(facts.extremes.get(name), { least: ordered[0], greatest: ordered[ordered.length - 1] }, name)
  }
})

t.test('parts give the same as the whole, in any order, added or merged', async t => {
  const whole = inOneGo()
  for (const cuts of [
    [0, ROWS],
    [0, 1, 2, ROWS],
    [0, 100, 100, 250, ROWS],
    Array.from({ length: ROWS + 1 }, (_, i) => i),
  ]) {
    const parts = cuts.slice(1).map((to, i) => batch.slice(cuts[i], to))
    const added = new ResultFacts(checks)
    const merged = new ResultFacts(checks)
    for (const part of parts.toReversed()) {
      added.add(part)
      const one = merged.empty()
      one.add(part)
      merged.merge(one)
    }
    for (const facts of [added, merged]) {
      t.equal(facts.rows, whole.rows)
      t.strictSame(facts.nulls, whole.nulls)
      t.strictSame(facts.extremes, whole.extremes)
    }
  }
})

t.test('a column of nulls alone has no extremes', async t => {
  const facts = new ResultFacts(checks)
  const nothing = new Uint8Array(2)
  const empty = columns.map(column => ({ ...column, values: column.values.subarray(0, 2), valid: nothing }) as Column)
  facts.add(batchOf(SPECS, empty, 2))
  for (const { name } of SPECS) {
    t.equal(facts.nulls.get(name), 2)
    t.strictSame(facts.extremes.get(name), { least: undefined, greatest: undefined })
  }
})
