import type { Column, ColumnSpec } from '../../../lib/core/batch.js'

export type Random = () => number

/** Returns a generator of numbers in [0, 1): the same ones for the same seed. */
export function randomOf(seed: number): Random {
  let state = seed | 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

const ODD_DOUBLES = [NaN, -0, 0, Infinity, -Infinity, Number.MIN_VALUE, -Number.MAX_VALUE]
const ODD_WORDS = ['', 'é"\n,\u0007', '\u0000', '\ud7ff\ue000', '🙂'.repeat(40), 'z'.repeat(300)]

const whole = (random: Random, below: number) => Math.floor(random() * below)
const long = (random: Random) =>
  BigInt.asIntN(64, (BigInt(whole(random, 2 ** 32)) << 32n) | BigInt(whole(random, 2 ** 32)))
const pick = <Item>(random: Random, items: readonly Item[]) => items[whole(random, items.length)]

/** Kinds of values, so that every encoding of every type is met: by name, whose first word is the type. */
const KINDS: Record<string, (random: Random, row: number) => number | bigint | string> = {
  'i64 any': random => long(random),
  'i64 few': random => [-(2n ** 63n), 2n ** 63n - 1n, 0n, 9007199254740993n][whole(random, 4)],
  'i64 runs': (_, row) => BigInt(row >> 6) * 17n,
  'i64 steps': (random, row) => BigInt(row) * 1000n + BigInt(whole(random, 16)),
  'ts sorted': (random, row) => 1767355205346695123n + BigInt(row) * 250_000_000n + BigInt(whole(random, 1000)),
  'ts any': random => long(random) >> 2n,
  'ts grid': (_, row) => 1767355200000000000n + BigInt(row % 60) * 60_000_000_000n,
  'i32 any': random => whole(random, 2 ** 32) | 0,
  'i32 ends': random => pick(random, [-(2 ** 31), 2 ** 31 - 1]),
  'i32 falling': (random, row) => 1000 - 3 * row - whole(random, 3),
  'date same': () => 20_455,
  'date any': random => whole(random, 100_000) - 50_000,
  'f64 any': random => (random() < 0.05 ? pick(random, ODD_DOUBLES) : random() * 2 - 1),
  'f64 few': random => pick(random, [...ODD_DOUBLES, 0.1, 100.25]),
  'f64 NaN': () => NaN,
  'f64 zero': random => pick(random, [0, 0.5, NaN]),
  'f64 minus': random => pick(random, [-0, -0.5, NaN]),
  'bool any': random => whole(random, 2),
  'bool runs': (_, row) => (row >> 7) & 1,
  'bool true': () => 1,
  'str few': random => pick(random, ['XLON', 'XPAR', ...ODD_WORDS]),
  'str runs': (_, row) => `listing ${row >> 5}`,
  'str own': (random, row) => `${'id-'.repeat(whole(random, 4))}${row}`,
}

const ARRAYS = {
  i64: BigInt64Array,
  ts: BigInt64Array,
  i32: Int32Array,
  date: Int32Array,
  f64: Float64Array,
  bool: Uint8Array,
  str: Int32Array,
}

export interface Rows {
  specs: ColumnSpec[]
  columns: Column[]
  /** By column: null, bigint of i64 and ts, text, number of all others. */
  values: (number | bigint | string | null)[][]
}

/**
 * Makes `count` rows of every kind; a share `nulls` of them is null, in columns that say so when `nullable` does. Null
 * rows hold rubbish, and dictionaries words that no row has.
 */
export function rowsOfKinds(seed: number, count: number, nulls: number, nullable = true): Rows {
  const random = randomOf(seed)
  const kinds = Object.entries(KINDS)
  const specs = kinds.map(([kind]): ColumnSpec => {
    return { name: kind.replace(' ', '_'), type: kind.split(' ')[0] as ColumnSpec['type'], nullable }
  })
  const values = kinds.map(([, make]) =>
    Array.from({ length: count }, (_, row) => (random() < nulls ? null : make(random, row))),
  )
  return { specs, columns: specs.map((spec, i) => columnOfValues(random, spec.type, values[i])), values }
}

function columnOfValues(random: Random, type: ColumnSpec['type'], values: Rows['values'][number]): Column {
  const array = new ARRAYS[type](values.length)
  const words = ['unused', ...new Set(values.filter(value => typeof value === 'string'))]
  const codes = new Map(words.map((word, code) => [word, code]))
  for (const [row, value] of values.entries()) {
    if (typeof value === 'string') array[row] = codes.get(value)!
    else if (value !== null) array[row] = value as never
    else if (type !== 'str') array[row] = (array instanceof BigInt64Array ? long(random) : whole(random, 2)) as never
  }
  const valid = values.includes(null) ? Uint8Array.from(values, value => +(value !== null)) : null
  return { type, values: array, valid, ...(type === 'str' && { dictionary: { words } }) } as Column
}

/** Returns a value as text that tells apart what `===` does not. */
export const textOf = (value: unknown): string => (Object.is(value, -0) ? '-0' : String(value))
