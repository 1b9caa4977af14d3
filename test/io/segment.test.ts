import fc from 'fast-check'
import t from 'tap'
import type { Column } from '../../lib/core/index.js'
import { decodeSegment, SegmentEncoder } from '../../lib/io/segment.js'

const TYPES = ['f64', 'i64', 'ts', 'i32', 'date', 'bool', 'str'] as const
const WORDS = ['', 'a', 'Ωmega', '\0', 'a\nb', '😀', ...Array.from({ length: 300 }, (_, i) => `word ${i}`)]

/** Makes a column of some rows of any type, by chance. */
const anyColumn = (rows: number): fc.Arbitrary<Column> => {
  const array = <T>(value: fc.Arbitrary<T>) => fc.array(value, { minLength: rows, maxLength: rows })
  const valid = fc.option(
    array(fc.constantFrom(0, 1)).map(bytes => Uint8Array.from(bytes)),
    { nil: null },
  )
  const long = array(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n)).map(values => BigInt64Array.from(values))
  const int = array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })).map(values => Int32Array.from(values))
  const values = {
    f64: array(fc.double()).map(numbers => Float64Array.from(numbers)),
    i64: long,
    ts: long,
    i32: int,
    date: int,
    bool: array(fc.constantFrom(0, 1)).map(bytes => Uint8Array.from(bytes)),
    str: array(fc.nat(WORDS.length - 1)).map(codes => Int32Array.from(codes)),
  }
  return fc
    .constantFrom(...TYPES)
    .chain(type =>
      fc
        .record({ values: values[type], valid })
        .map(column => ({ type, ...column, ...(type === 'str' && { dictionary: { words: WORDS } }) }) as Column),
    )
}

const valueAt = (column: Column, row: number): unknown => {
  if (column.valid && !column.valid[row]) return null
  return column.type === 'str' ? column.dictionary.words[column.values[row]] : column.values[row]
}

const anySegment = fc.nat(400).chain(rows =>
  fc.record({
    columns: fc.array(anyColumn(rows), { minLength: 1, maxLength: 5 }),
    picked: fc.subarray(Array.from({ length: rows }, (_, row) => row)),
  }),
)

t.test('rows of a segment are those that were put in, whatever came before', async t => {
  const encoder = new SegmentEncoder()
  fc.assert(
    fc.property(anySegment, ({ columns, picked }) => {
      const bytes = encoder.encode(columns, Int32Array.from(picked)).slice()
      const found = decodeSegment(
        bytes,
        columns.map(({ type }) => type),
      )
      for (const [c, column] of columns.entries()) {
        if (found[c].values.length !== picked.length) throw new Error(`${found[c].values.length} rows`)
        for (const [k, row] of picked.entries())
          if (!Object.is(valueAt(found[c], k), valueAt(column, row))) throw new Error(`column ${c} row ${row}`)
      }
    }),
    { numRuns: 300 },
  )
  t.pass('300 segments')
})

t.test('a segment has the words of its own rows alone', async t => {
  const column: Column = { type: 'str', values: Int32Array.of(3, 2, 3, 1), valid: null, dictionary: { words: WORDS } }
  const [found] = decodeSegment(new SegmentEncoder().encode([column], Int32Array.of(0, 2)).slice(), ['str'])
  t.strictSame(found, { type: 'str', values: Int32Array.of(0, 0), valid: null, dictionary: { words: ['\0'] } })
})
