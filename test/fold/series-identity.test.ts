import t from 'tap'
import {
  type AggregateParameters,
  batchOf,
  type Column,
  chunkOf,
  coalesce,
  col,
  type Expr,
  eq,
  Interner,
  type RecordBatch,
  Registry,
  seriesKernel,
  TRUE,
} from '../../lib/core/index.js'
import { toWire, transferables } from '../../lib/exec/wire.js'
import { Folder, Merger } from '../../lib/fold/index.js'
import { memory } from '../../lib/wasm/index.js'
import * as pack from '../../operators/index.js'

const MINUTE = 60_000_000_000

/** Says of each bucket's rows who they are about, and which of them count: numbers as digits, `-` for none. */
const seen: string[] = []
const probe = seriesKernel({
  name: 'probe',
  doc: 'shows what a kernel is given',
  inputs: ['who'],
  identities: ['who'],
  everyRow: true,
  evaluate({ columns: [who], counts }, { count }, out) {
    const marks = counts ? ` of ${counts.join('')}` : ''
    seen.push(`${[...who].map(number => (Number.isNaN(number) ? '-' : number)).join('')}${marks}`)
    out.fill(who.length, 0, count)
  },
})

const registry = new Registry().add(pack, 'built-in').add({ probe }, 'test')

interface Row {
  listing: string
  t: number
  a: string | null
  b: string | null
}

const text = (words: (string | null)[]): Column => {
  const interner = new Interner()
  const values = Int32Array.from(words, word => (word === null ? -1 : interner.code(word)))
  const valid = words.includes(null) ? Uint8Array.from(words, word => Number(word !== null)) : null
  return { type: 'str', values, valid, dictionary: interner.snapshot() }
}

const longs = (digits: (string | null)[]): Column => ({
  type: 'i64',
  values: BigInt64Array.from(digits, each => BigInt(each ?? 0)),
  valid: Uint8Array.from(digits, each => Number(each !== null)),
})

const COLUMNS = { str: text, i64: longs }
type Kind = keyof typeof COLUMNS

function batchWith(rows: Row[], a: Kind, b: Kind): RecordBatch {
  const columns: Record<string, Column> = {
    Date: { type: 'date', values: new Int32Array(rows.length), valid: null },
    ListingId: text(rows.map(({ listing }) => listing)),
    EventTime: { type: 'ts', values: BigInt64Array.from(rows, ({ t }) => BigInt(t) * 1_000_000_000n), valid: null },
    a: COLUMNS[a](rows.map(row => row.a)),
    b: COLUMNS[b](rows.map(row => row.b)),
  }
  const specs = Object.entries(columns).map(([name, { type }]) => ({ name, type }))
  return batchOf(specs, Object.values(columns), rows.length)
}

/** Folds parts apart, as threads do, and returns what the kernel was given of each listing. */
function givenOf(parts: Row[][], who: Expr, a: Kind, b: Kind, counts?: Expr): string[] {
  const types: ('str' | 'i64' | 'f64')[] = [who.op === 'col' ? a : a === 'str' || b === 'str' ? 'str' : 'i64']
  const parameters: AggregateParameters = {
    entity: [
      { name: 'Date', type: 'date' },
      { name: 'ListingId', type: 'str' },
    ],
    bucket: 'TimeBucket',
    rule: { mode: 'sparse_digitised', width: MINUTE, anchor: 'end', closed: 'right', origin: null, zone: 'UTC' },
    order: { time: 'EventTime', source: null, number: null },
    rows: TRUE,
    folds: [
      {
        kernel: 'probe',
        inputs: counts ? [who, counts] : [who],
        where: TRUE,
        types: [...types, 'f64' as const].slice(0, counts ? 2 : 1),
      },
    ],
    attributes: [],
    counters: [],
    refused: [],
  }
  seen.length = 0
  const merger = new Merger(parameters, registry)
  for (const rows of parts) {
    const folder = new Folder(parameters, registry, memory())
    for (const row of rows.keys()) folder.consume(chunkOf(batchWith([rows[row]], a, b))) // each with its dictionary
    const wire = toWire(folder.finish())
    merger.add(structuredClone(wire, { transfer: transferables(wire) }))
    folder.free()
  }
  Array.from(merger.finish())
  return [...seen]
}

const row = (listing: string, t: number, a: string | null, b: string | null = null): Row => ({ listing, t, a, b })

t.test('identities are numbered by listing, over row groups and threads', async t => {
  const parts = [
    [row('X', 1, '77'), row('Y', 1, '12'), row('X', 30, '12')],
    [row('X', 90, '12'), row('X', 20, '5'), row('Y', 95, '12')],
    [row('Y', 50, '77'), row('X', 100, null), row('X', 110, '77')],
  ]
  // X in order of time: 77 5 12 12 null 77. Y: 12 77 12.
  t.same(givenOf(parts, col('a'), 'i64', 'i64'), ['0122-0', '010'])
  t.same(givenOf(parts, col('a'), 'str', 'str'), ['0122-0', '010'])
})

t.test('integers that are one double are two identities', async t => {
  const parts = [
    [row('X', 1, '9007199254740992')],
    [row('X', 2, '9007199254740993')],
    [row('X', 3, '9007199254740992')],
  ]
  t.same(givenOf(parts, col('a'), 'i64', 'i64'), ['010'])
  const far = [
    [row('X', 1, '1'), row('X', 2, '4294967297')],
    [row('X', 3, '-4294967295'), row('X', 4, '1')],
  ]
  t.same(givenOf(far, col('a'), 'i64', 'i64'), ['0120'], 'such that differ in their upper half')
})

t.test('the first column that is neither null nor empty counts, whatever the type of each', async t => {
  const parts = [
    [row('X', 1, '5', '6'), row('X', 2, null, '5'), row('X', 3, null, '6')],
    [row('X', 4, null, null), row('X', 5, '6', '5')],
  ]
  const who = coalesce('a', 'b')
  for (const a of ['str', 'i64'] as const) {
    for (const b of ['str', 'i64'] as const) t.same(givenOf(parts, who, a, b), ['001-1'], `${a}, ${b}`)
  }
  const empty = [[row('X', 1, 'A', ''), row('X', 2, '', 'A'), row('X', 3, '', '')], [row('X', 4, 'B')]]
  t.same(givenOf(empty, who, 'str', 'str'), ['00-1'])
  t.same(givenOf(empty, col('a'), 'str', 'str'), ['0--1'])
})

t.test('rows that do not count are given all the same', async t => {
  const parts = [[row('X', 1, '5'), row('X', 2, '6')], [row('X', 3, '5')]]
  t.same(givenOf(parts, col('a'), 'i64', 'i64', eq('a', 5)), ['010 of 101'])
})
