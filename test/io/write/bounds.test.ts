import { join } from 'node:path'
import { type ColumnChunk, parquetMetadata, type SchemaElement } from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'
import { readColumnIndex, readOffsetIndex } from 'hyparquet/src/indexes.js'
import t, { type Test } from 'tap'
import { storeBound } from '../../../lib/io/parquet/write/bounds.js'
import { duck } from '../../support/duck.js'
import { writeRows } from './files.js'
import { type Rows, randomOf, rowsOfKinds, textOf } from './rows.js'

const PARSERS = {
  timestampFromNanoseconds: (ns: bigint) => ns,
  dateFromDays: (days: number) => days,
  stringFromBytes: (bytes?: Uint8Array) => bytes && Buffer.from(bytes).toString(),
} as never

type Values = Rows['values'][number]

const readerAt = (bytes: Uint8Array, at: bigint | number) => ({ view: new DataView(bytes.buffer), offset: Number(at) })

/** Returns what a footer has to say of values, as text: both undefined where all are null or NaN. */
function boundsOf(values: Values): [least: string | undefined, greatest: string | undefined] {
  const known = values.filter(value => value !== null).filter(value => !Number.isNaN(value))
  if (known.length === 0) return [undefined, undefined]
  if (typeof known[0] === 'string') {
    const sorted = known.map(value => Buffer.from(value as string)).sort(Buffer.compare)
    const text = (bytes: Buffer, greatest: boolean) => Buffer.from(storeBound('str', bytes, greatest).bytes).toString()
    return [text(sorted[0], false), text(sorted[sorted.length - 1], true)]
  }
  const least = known.reduce((a, b) => (b < a ? b : a))
  const greatest = known.reduce((a, b) => (b > a ? b : a))
  return [textOf(least), textOf(greatest)]
}

/** Zeros as the format wants them as bounds of doubles: -0 below, 0 above. */
function signed(type: string, [least, greatest]: [string | undefined, string | undefined]) {
  if (type !== 'f64') return [least, greatest]
  return [least === '0' ? '-0' : least, greatest === '-0' ? '0' : greatest]
}

const stated = (type: string, value: unknown): string | undefined =>
  value === undefined ? undefined : textOf(type === 'bool' ? Number(value) : value)

t.test('bounds, nulls and places of chunks and pages are those of the rows', async t => {
  const path = join(t.testdir(), 'rows.parquet')
  for (const nulls of [0, 0.5, 0.999]) {
    const rows = rowsOfKinds(7, 2500, nulls)
    const bytes = await writeRows(path, rows, { rowGroupRows: 2000 }, { pageBytes: 1024 })
    const metadata = parquetMetadata(bytes.buffer as ArrayBuffer, { parsers: PARSERS })
    let first = 0
    for (const group of metadata.row_groups) {
      const count = Number(group.num_rows)
      for (const [i, { name, type }] of rows.specs.entries()) {
        const where = `${name} ${nulls} ${first}`
        const values = rows.values[i].slice(first, first + count)
        const { statistics, codec } = group.columns[i].meta_data!
        t.ok(['SNAPPY', 'UNCOMPRESSED'].includes(codec))
        const found = [stated(type, statistics?.min_value), stated(type, statistics?.max_value)]
        t.strictSame(found, signed(type, boundsOf(values)), where)
        t.equal(Number(statistics?.null_count), values.filter(value => value === null).length)
        checkPages(t, bytes, metadata.schema[i + 1], group.columns[i], type, values, where)
      }
      first += count
    }
  }
})

function checkPages(
  t: Test,
  bytes: Uint8Array,
  element: SchemaElement,
  chunk: ColumnChunk,
  type: string,
  values: Values,
  where: string,
): void {
  const { page_locations } = readOffsetIndex(readerAt(bytes, chunk.offset_index_offset!))
  const starts = page_locations.map(page => Number(page.first_row_index))
  const pages = starts.map((start, k) => values.slice(start, starts[k + 1]))
  const lengths = page_locations.map(({ offset, compressed_page_size }) => {
    const reader = readerAt(bytes, offset)
    const header = parquetHeader(reader)
    t.equal(reader.offset - Number(offset) + header.compressed_page_size, compressed_page_size, where)
    return header.data_page_header?.num_values
  })
  t.strictSame(
    lengths,
    pages.map(page => page.length),
    where,
  )
  const bounds = pages.map(page => signed(type, boundsOf(page)))
  const nan = pages.some((page, k) => bounds[k][0] === undefined && page.some(value => value !== null))
  t.equal(chunk.column_index_offset === undefined, nan, `${where}: NaN alone cannot be indexed`)
  if (nan) return
  // hyparquet takes the empty bounds of a null page for a stamp: it is told of the physical type alone.
  const physical = type === 'str' ? element : { name: element.name, type: element.type }
  const index = readColumnIndex(readerAt(bytes, chunk.column_index_offset!), physical, PARSERS)
  const found = pages.map((_, k) =>
    index.null_pages[k]
      ? [undefined, undefined]
      : [stated(type, index.min_values[k]), stated(type, index.max_values[k])],
  )
  t.strictSame(found, bounds, where)
  t.strictSame(
    index.null_counts?.map(Number),
    pages.map(page => page.filter(value => value === null).length),
    where,
  )
}

t.test('pages say whether they ascend', async t => {
  const path = join(t.testdir(), 'rows.parquet')
  const rows = rowsOfKinds(3, 3000, 0.1)
  const bytes = await writeRows(path, rows, { sortedBy: ['ts_sorted', 'i64_runs'] }, { pageBytes: 512 })
  const metadata = parquetMetadata(bytes.buffer as ArrayBuffer)
  const orders = rows.specs.map(({ name }, i) => {
    const at = metadata.row_groups[0].columns[i].column_index_offset
    return [name, at && readColumnIndex(readerAt(bytes, at), metadata.schema[i + 1], PARSERS).boundary_order]
  })
  t.match(Object.fromEntries(orders), {
    i64_runs: 'ASCENDING',
    i64_any: 'UNORDERED',
    i64_steps: 'ASCENDING',
    ts_sorted: 'ASCENDING',
    i32_falling: 'DESCENDING',
    date_same: 'ASCENDING',
    str_own: 'UNORDERED',
  })
  t.strictSame(metadata.row_groups[0].sorting_columns, [
    { column_idx: 4, descending: false, nulls_first: false },
    { column_idx: 2, descending: false, nulls_first: false },
  ])
})

t.test('DuckDB finds the same bounds, and which of them are cut', async t => {
  const path = join(t.testdir(), 'rows.parquet')
  const rows = rowsOfKinds(5, 1000, 0.2)
  await writeRows(path, rows)
  const [found] = await duck(
    [],
    `SELECT path_in_schema AS name, stats_min_value AS least, stats_max_value AS greatest, stats_null_count AS nulls,
     min_is_exact AND max_is_exact AS exact FROM parquet_metadata('${path}')`,
  )
  for (const [i, { name, type }] of rows.specs.entries()) {
    const nulls = BigInt(rows.values[i].filter(value => value === null).length)
    t.match(found[i], { name, nulls })
    const [least, greatest] = boundsOf(rows.values[i])
    if (type === 'i64' || type === 'i32') t.match(found[i], { least, greatest, exact: true }, name)
    if (name === 'f64_NaN') t.match(found[i], { least: null, greatest: null })
    if (name === 'str_few') t.match(found[i], { least: '', exact: false })
    if (name === 'str_runs') t.match(found[i], { least, greatest, exact: true })
  }
})

t.test('a long text is cut to a bound that still holds', async t => {
  const random = randomOf(9)
  const characters = ['a', 'é', '\ud7ff', '漢', '🙂', '\u{10ffff}', '\uffff', '~']
  for (let k = 0; k < 500; k++) {
    const length = Math.floor(random() * 90)
    const word = Array.from({ length }, () => characters[Math.floor(random() * ((k % 8) + 1))])
    const text = Buffer.from(word.join(''))
    const least = storeBound('str', text, false)
    const greatest = storeBound('str', text, true)
    t.ok(Buffer.compare(least.bytes, text) <= 0 && Buffer.compare(greatest.bytes, text) >= 0)
    for (const { bytes, exact } of [least, greatest]) {
      t.equal(exact, Buffer.compare(bytes, text) === 0)
      t.ok(bytes.length <= 65 || exact) // a raised character may take a byte more
      t.ok(Buffer.from(Buffer.from(bytes).toString()).equals(bytes), 'UTF-8')
    }
  }
  const last = Buffer.from('\u{10ffff}'.repeat(30))
  t.strictSame(storeBound('str', last, true), { bytes: Uint8Array.from(last), exact: true })
  t.equal(Buffer.from(storeBound('str', Buffer.from('\ud7ff'.repeat(30)), true).bytes).at(-3), 0xee)
})
