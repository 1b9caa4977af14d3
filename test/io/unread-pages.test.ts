import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tableFromArrays, tableToIPC } from 'apache-arrow'
import { EnabledStatistics, Table, WriterPropertiesBuilder, writeParquet } from 'parquet-wasm'
import t from 'tap'
import type { ColumnBinding, DataFile, Wanted } from '../../lib/core/dataset.js'
import { BasaltError } from '../../lib/core/error.js'
import { Program } from '../../lib/core/evaluate.js'
import { columnsOf, type Expr } from '../../lib/core/expr.js'
import { describeFile } from '../../lib/io/dataset.js'
import { close, scan } from '../../lib/io/parquet/index.js'
import { Random } from '../../operators/simulation/random.js'
import { folderFor } from '../exec/folder.js'
import { assembled, CHUNK, FILE, footerOf, GROUP } from './mutants/anatomy.js'
import { mutatedBytes, mutateField, placesIn } from './mutants/fields.js'
import { intOf, setField, structsOf } from './mutants/struct.js'
import { I32, I64, readStruct, type Struct, writeStruct } from './mutants/thrift.js'
import { bindingsOf, valuesOf } from './shared.js'
import { writeRows } from './write/files.js'
import { rowsOfKinds } from './write/rows.js'

t.setTimeout(300_000)
t.teardown(() => close())

const ROWS = 9000
const GROUP_ROWS = 8192 // two row groups, the second one of a single page
const SEED = Number(process.env.BASALT_SEED ?? 1)

interface Read {
  /** By row of the file, the values of its columns; what was not read is left out. */
  rows: Map<number, unknown[]>
  unread: number
}

async function read(file: DataFile, columns: ColumnBinding[], batchRows: number, wanted?: Wanted): Promise<Read> {
  const rows = new Map<number, unknown[]>()
  let unread = 0
  let row = 0
  for (const rowGroup of file.rowGroups.keys()) {
    const onUnread = (count: number) => {
      row += count
      unread += count
    }
    for await (const chunk of scan({ file, rowGroup, columns, batchRows, wanted }, undefined, { onUnread })) {
      const values = columns.map(({ name }) => valuesOf(chunk.required(name), chunk.rows))
      for (let i = 0; i < chunk.rows; i++) {
        rows.set(
          row++,
          values.map(column => column[i]),
        )
      }
    }
  }
  if (row !== ROWS) throw new Error(`${row} of ${ROWS} rows were read or not read`)
  return { rows, unread }
}

/** Returns the rows that meet a condition, by looking at all of them. */
async function meeting(file: DataFile, all: ColumnBinding[], where: Expr): Promise<number[]> {
  const columns = all.filter(({ name }) => columnsOf(where).includes(name))
  const met: number[] = []
  let row = 0
  for (const rowGroup of file.rowGroups.keys()) {
    const program = new Program()
    for await (const chunk of scan({ file, rowGroup, columns, batchRows: 4096 })) {
      program.load(chunk)
      const mask = program.mask(where)
      for (let i = 0; i < chunk.rows; i++) if (mask[i]) met.push(row + i)
      row += chunk.rows
    }
  }
  return met
}

const CLUSTERED = ['i64_runs', 'i64_steps', 'ts_sorted', 'i32_falling', 'str_runs', 'bool_runs']

function conditionOf(random: Random, columns: readonly ColumnBinding[], sample: ReadonlyMap<number, unknown[]>): Expr {
  const picked = random.chance(0.8) ? random.pick(CLUSTERED) : random.pick(columns).name
  const c = columns.findIndex(each => each.name === picked)
  const { name, type } = columns[c]
  const column: Expr = { op: 'col', name }
  const value = () => sample.get(random.below(ROWS))![c]
  if (random.chance(0.1)) return { op: 'is_null', args: [column] }
  if (random.chance(0.25)) {
    const args = [conditionOf(random, columns, sample), conditionOf(random, columns, sample)]
    return random.chance(0.3) ? { op: 'not', args: [args[0]] } : { op: random.pick(['and', 'or']), args }
  }
  if (type === 'str' || random.chance(0.4)) {
    const values = Array.from({ length: 1 + random.below(3) }, value).filter(each => each !== null)
    const stamps = type === 'ts' ? values.map(() => String(random.bits())) : values
    return { op: random.pick(['in', 'in', 'not_in']), args: [column], values: stamps.map(String) }
  }
  const at = type === 'ts' ? Number(1767355205346695123n) + random.below(ROWS) * 250_000_000 : Number(value() ?? 0)
  const literal: Expr = { op: 'lit', value: Number.isFinite(at) ? at : 1 }
  return { op: random.pick(['eq', 'lt', 'le', 'gt', 'ge']), args: [column, literal] }
}

const FORMS = [
  { nulls: 0, encoding: 'plain', compression: 'none' },
  { nulls: 0.2, encoding: 'plain', compression: 'snappy' },
  { nulls: 0.02, encoding: 'dictionary', compression: 'zstd' },
  { nulls: 0.9, encoding: 'delta', compression: 'snappy' },
] as const

async function fileOf(folder: string, k: number) {
  const { nulls, encoding, compression } = FORMS[k]
  const path = join(folder, `form-${k}.parquet`)
  const options = { rowGroupRows: GROUP_ROWS, compression }
  await writeRows(path, rowsOfKinds(SEED + k, ROWS, nulls), options, { pageBytes: 8192, encoding })
  return describeFile(path)
}

const same = (a: readonly unknown[], b: readonly unknown[]) => a.every((value, i) => Object.is(value, b[i]))

t.test('pages that are not read change no row', async t => {
  const folder = folderFor(t)
  const random = new Random(SEED, 0x9a9e)
  let total = 0
  for (const k of FORMS.keys()) {
    const file = await fileOf(folder, k)
    const columns = bindingsOf(file)
    const whole = await read(file, columns, 4096)
    let unread = 0
    let less = 0
    const TRIALS = 24
    for (let trial = 0; trial < TRIALS; trial++) {
      const where = conditionOf(random, columns, whole.rows)
      const some = columns.filter(({ name }) => random.chance(0.15) || columnsOf(where).includes(name))
      const found = await read(file, some, random.pick([100, 4096, 65_536]), { where, columns })
      const what = `form ${k}, trial ${trial}: ${JSON.stringify(where)}`
      const lost = (await meeting(file, columns, where)).find(row => !found.rows.has(row))
      if (lost !== undefined) t.fail(`${what}: row ${lost} is lost`)
      const places = some.map(each => columns.indexOf(each))
      for (const [row, values] of found.rows) {
        const expected = whole.rows.get(row)!
        if (
          !same(
            values,
            places.map(place => expected[place]),
          )
        )
          t.fail(`${what}: row ${row} is another`)
      }
      unread += found.unread
      if (found.unread > 0) less++
    }
    t.comment(`form ${k}: ${less} of ${TRIALS} read less, ${Math.round((100 * unread) / TRIALS / ROWS)} % of all rows`)
    total += unread
  }
  t.ok(total > FORMS.length * 24 * ROWS * 0.2)
})

t.test('page indexes of another writer are used', async t => {
  const path = join(folderFor(t), 'other.parquet')
  const count = 60_000
  const table = tableFromArrays({
    a: BigInt64Array.from({ length: count }, (_, i) => BigInt(i >> 4)),
    s: Array.from({ length: count }, (_, i) => `L${100_000 + (i >> 6)}`),
  })
  const properties = new WriterPropertiesBuilder()
    .setDataPageSizeLimit(8192)
    .setWriteBatchSize(512)
    .setStatisticsEnabled(EnabledStatistics.Page)
    .build()
  writeFileSync(path, writeParquet(Table.fromIPCStream(tableToIPC(table, 'stream')), properties))
  const file = await describeFile(path)
  const columns = bindingsOf(file)
  const wanted: Wanted = { where: { op: 'in', args: [{ op: 'col', name: 's' }], values: ['L100500'] }, columns }
  let rows = 0
  let found = 0
  for await (const chunk of scan({ file, rowGroup: 0, columns, batchRows: 1000, wanted })) {
    rows += chunk.rows
    found += valuesOf(chunk.required('s'), chunk.rows).filter(word => word === 'L100500').length
  }
  t.equal(found, 64)
  t.ok(rows < count / 2, `${rows} of ${count} rows were read`)
})

/** Replaces an index of one chunk by another, which is put in front of the footer. */
function withIndex(
  bytes: Buffer,
  group: number,
  column: number,
  ids: readonly number[],
  change: (index: Struct) => Uint8Array,
) {
  const footer = footerOf(bytes)
  const chunk = structsOf(structsOf(footer, FILE.rowGroups)[group], GROUP.columns)[column]
  const [offset, length] = ids.map(id => intOf(chunk, id))
  if (offset === undefined || length === undefined) return undefined
  const end = bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8)
  const index = change(readStruct(bytes, offset).struct)
  setField(chunk, ids[0], I64, BigInt(end))
  setField(chunk, ids[1], I32, BigInt(index.length))
  return assembled([bytes.subarray(0, end), index], footer)
}

/** Lets a page begin some rows earlier or later than it does. */
function shifted(random: Random, index: Struct): Uint8Array {
  const pages = structsOf(index, 1)
  if (pages.length > 1) {
    const page = random.pick(pages.slice(1))
    setField(page, 3, I64, BigInt(intOf(page, 3)! + random.pick([-1000, -1, 1, 7, 1000])))
  }
  return writeStruct(index)
}

t.test('damaged indexes lead to no wrong row and to no fault that is not one', async t => {
  const folder = folderFor(t)
  const random = new Random(SEED, 0xbad)
  const file = await fileOf(folder, 1)
  const bytes = readFileSync(file.path)
  const columns = bindingsOf(file)
  const whole = await read(file, columns, 4096)
  const path = join(folder, 'mutant.parquet')
  const counts = { refused: 0, less: 0, lost: 0, intact: 0 }
  for (let trial = 0; trial < 240; trial++) {
    const kind = random.pick(['offsetIndex', 'columnIndex'] as const)
    const picked = random.chance(0.7) ? random.pick(CLUSTERED) : random.pick(columns).name
    const column = columns.findIndex(({ name }) => name === picked)
    const mutant = withIndex(bytes, 0, column, CHUNK[kind], index => {
      if (kind === 'offsetIndex' && random.chance(0.6)) return shifted(random, index)
      if (random.chance(0.6)) {
        mutateField(random, placesIn(index))
        return writeStruct(index)
      }
      return mutatedBytes(random, writeStruct(index))
    })
    if (!mutant) continue
    writeFileSync(path, mutant)
    await close(path)
    const where = conditionOf(random, columns, whole.rows)
    try {
      const some = columns.filter((each, c) => c === column || columnsOf(where).includes(each.name))
      const places = some.map(each => columns.indexOf(each))
      const found = await read(await describeFile(path), some, 4096, { where, columns })
      for (const [row, values] of found.rows)
        if (
          !same(
            values,
            places.map(place => whole.rows.get(row)![place]),
          )
        )
          t.fail(`mutant ${trial} of ${kind}: row ${row} is another`)
      if (found.unread > 0) counts.less++
      const lost = (await meeting(file, columns, where)).some(row => !found.rows.has(row))
      if (lost) counts.lost++
      // Bounds that lie are believed; places of pages are not, for the pages themselves state their rows.
      if (lost && kind === 'offsetIndex') t.fail(`mutant ${trial} of ${kind}: rows are lost`)
      counts.intact++
    } catch (error) {
      counts.refused++
      if (!(error instanceof BasaltError && ['data', 'limit'].includes(error.fault) && error.message.includes(path)))
        t.fail(`mutant ${trial} of ${kind}: ${(error as Error).stack}`)
    }
  }
  t.comment(JSON.stringify(counts))
  t.ok(counts.less > 50 && counts.refused > 5)
})
