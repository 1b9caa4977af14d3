import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { ColumnBinding, DataFile, Hint } from '../../lib/core/dataset.js'
import { describeFile } from '../../lib/io/dataset.js'
import { knownOf } from '../../lib/io/parquet/known.js'
import { duck } from '../support/duck.js'
import { assembled, CHUNK, FILE, footerOf, GROUP } from './mutants/anatomy.js'
import { dropFields, setField, structOf, structsOf } from './mutants/struct.js'
import { BINARY, type Struct } from './mutants/thrift.js'

const ROWS = 10
const COLUMNS = {
  long: ['i64', 'INT64'],
  int: ['i32', 'INT32'],
  small: ['i32', 'INT32 UINT_8'],
  unsigned: ['i64', 'INT64 UINT_64'],
  double: ['f64', 'DOUBLE'],
  text: ['str', 'BYTE_ARRAY STRING'],
  flag: ['bool', 'BOOLEAN'],
  day: ['date', 'INT32 DATE'],
  utc: ['ts', 'INT64 TIMESTAMP(MICROS, UTC)'],
  naive: ['ts', 'INT64 TIMESTAMP(MICROS, naive)'],
  nested: [null, 'nested'],
} as const

const file: DataFile = {
  path: 'x',
  relative: 'x',
  bytes: 0,
  modified: 0,
  day: 0,
  mic: 'XLON',
  keys: { desk: 'A' },
  columns: Object.entries(COLUMNS).map(([name, [type, physical]]) => ({ name, type, physical })),
  rowGroups: [],
}
const known = (binding: Omit<ColumnBinding, 'name'>, hint?: Hint) =>
  knownOf({ name: 'X', ...binding }, file, ROWS, hint)
const text = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)
const DAY = 86_400_000_000_000n

t.test('bounds count where values are those of the file, or keep their order', async t => {
  const nulls = 'none'
  const cases: [Omit<ColumnBinding, 'name'>, Hint, object | undefined][] = [
    [
      { type: 'i64', source: 'long' },
      { min: '1', max: '2', nulls: 0 },
      { least: 1n, greatest: 2n, nulls },
    ],
    [
      { type: 'i64', source: 'int' },
      { min: 1, max: 2, nulls: 0 },
      { least: 1n, greatest: 2n, nulls },
    ],
    [
      { type: 'f64', source: 'long' },
      { min: '1', max: '2', nulls: 3 },
      { least: 1, greatest: 2, nulls: 'some' },
    ],
    [
      { type: 'f64', source: 'double' },
      { min: 1, max: 2, nulls: 0 },
      { least: 1, greatest: 2, nulls: 'some' },
    ],
    [{ type: 'f64', source: 'double' }, { nulls: ROWS }, { nulls: 'all' }],
    [
      { type: 'str', source: 'text' },
      { min: 'a', nulls: 0 },
      { least: 'a', nulls },
    ],
    [
      { type: 'str', source: 'flag', text: true },
      { min: false, max: true, nulls: 0 },
      { least: 'FALSE', greatest: 'TRUE', nulls },
    ],
    [
      { type: 'date', source: 'day' },
      { min: 1, max: 2, nulls: 0 },
      { least: 1, greatest: 2, nulls },
    ],
    [
      { type: 'date', source: 'utc' },
      { min: '-1', max: String(DAY), nulls: 0 },
      { least: -1, greatest: 1, nulls },
    ],
    [
      { type: 'ts', source: 'naive' },
      { min: '1', max: '2', nulls: 0 },
      { least: 1n, greatest: 2n, nulls },
    ],
    [
      { type: 'ts', source: 'utc', timeZone: 'Europe/Paris' },
      { min: '1', max: '2', nulls: 0 },
      { least: 1n, greatest: 2n, nulls },
    ],
    [
      { type: 'ts', source: 'long', timeUnit: 'us' },
      { min: '1', max: '2', nulls: 0 },
      { least: 1000n, greatest: 2000n, nulls },
    ],
    [{ type: 'i64', source: 'absent' }, {}, { nulls: 'all' }],
    [{ type: 'str', source: null, partition: 'desk' }, {}, { least: 'A', greatest: 'A', nulls }],
    [{ type: 'str', source: null, partition: 'mic' }, {}, { least: 'XLON', greatest: 'XLON', nulls }],
    [{ type: 'i64', source: null, constant: '7' }, {}, { least: 7n, greatest: 7n, nulls }],
    [{ type: 'i64', source: null, constant: null }, {}, { nulls: 'all' }],
    // No order that is known: the nulls alone.
    [{ type: 'i64', source: 'unsigned' }, { min: '1', max: '2', nulls: 0 }, { nulls }],
    [{ type: 'i32', source: 'small' }, { min: 1, max: 2, nulls: 0 }, { nulls }],
    [{ type: 'f64', source: 'long', scale: '0.01' }, { min: '1', max: '2', nulls: 0 }, { nulls }],
    [{ type: 'i32', source: 'text', codes: { B: 1 } }, { min: 'B', max: 'S', nulls: 0 }, { nulls }],
    [{ type: 'str', source: 'long', text: true }, { min: '1', max: '2', nulls: 0 }, { nulls }],
    [{ type: 'date', source: 'text' }, { min: '2026-01-01', max: '2026-01-02', nulls: 0 }, { nulls }],
    [{ type: 'date', source: 'long' }, { min: '1', max: '2', nulls: 0 }, { nulls }],
    [{ type: 'ts', source: 'naive', timeZone: 'Europe/Paris' }, { min: '1', max: '2', nulls: 0 }, { nulls }],
    [{ type: 'i64', source: 'long' }, { min: '2', max: '1', nulls: 0 }, { nulls }],
    [{ type: 'str', source: 'text' }, { min: '🙂', max: '\uffff', nulls: 11 }, { nulls: 'some' }],
    [{ type: 'i64', source: 'nested' }, { nulls: 0 }, undefined],
    [{ type: 'i32', source: null, constant: 'B', codes: { B: 1 } }, {}, undefined],
  ]
  for (const [binding, hint, expected] of cases) {
    const found = known(binding, hint)
    const shown = found && JSON.parse(JSON.stringify(found, text))
    t.strictSame(
      shown,
      expected && JSON.parse(JSON.stringify({ type: binding.type, ...expected }, text)),
      JSON.stringify([binding, hint]),
    )
  }
  t.equal(known({ type: 'i64', source: 'long' }), undefined, 'nothing is stated')
})

const STATISTICS = 12
const [MAX, MIN, MAX_VALUE, MIN_VALUE] = [1, 2, 5, 6]

t.test('what a footer may state and does not count', async t => {
  const path = join(t.testdir(), 'in.parquet')
  await duck([
    `COPY (SELECT i AS l, i::DOUBLE AS d, 'w' || i AS w, i::UBIGINT AS u, i::DECIMAL(9, 2) AS m FROM range(100) AS r(i))
      TO '${path}' (FORMAT parquet)`,
  ])
  const whole = await describeFile(path)
  const { bounds, hints } = whole.rowGroups[0]
  t.strictSame(
    [bounds.l, bounds.d, bounds.w],
    [
      { min: '0', max: '99', nulls: 0 },
      { min: 0, max: 99, nulls: 0 },
      { min: 'w0', max: 'w99', nulls: 0 },
    ],
  )
  t.strictSame(bounds.m, undefined, 'a decimal is rounded when it is read')
  t.strictSame(hints?.m, { nulls: 0 })

  const forged = async (change: (statistics: Struct) => void) => {
    const bytes = readFileSync(path)
    const footer = footerOf(bytes)
    for (const chunk of structsOf(structsOf(footer, FILE.rowGroups)[0], GROUP.columns))
      change(structOf(structOf(chunk, CHUNK.meta)!, STATISTICS)!)
    const end = bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8)
    const other = join(t.testdirName, 'forged.parquet')
    writeFileSync(other, assembled([bytes.subarray(0, end)], footer))
    return (await describeFile(other)).rowGroups[0]
  }
  const old = await forged(statistics => {
    const [max, min] = [MAX_VALUE, MIN_VALUE].map(id => statistics.fields.find(field => field.id === id)!.value)
    dropFields(statistics, MAX_VALUE, MIN_VALUE)
    setField(statistics, MAX, BINARY, max)
    setField(statistics, MIN, BINARY, min)
  })
  t.strictSame([old.bounds, old.hints?.l, old.hints?.w], [{}, { nulls: 0 }, { nulls: 0 }], 'the deprecated two')
  const nan = Buffer.alloc(8)
  nan.writeDoubleLE(NaN)
  const odd = await forged(statistics => setField(statistics, MAX_VALUE, BINARY, nan))
  t.strictSame([odd.bounds.d, odd.hints?.d], [undefined, { nulls: 0 }], 'NaN')
  t.strictSame(odd.hints?.w, { min: 'w0', nulls: 0 }, 'text that is no text')
  const short = await forged(statistics => setField(statistics, MIN_VALUE, BINARY, Buffer.from('ab')))
  t.strictSame(
    [short.bounds.l, short.bounds.d, short.hints?.l],
    [undefined, undefined, { nulls: 0 }],
    'of another size',
  )
})
