import { join } from 'node:path'
import type { ColumnBinding, DataFile, Wanted } from '../../lib/core/dataset.js'
import { Program } from '../../lib/core/evaluate.js'
import { columnsOf, type Expr } from '../../lib/core/expr.js'
import { describeFile } from '../../lib/io/dataset.js'
import { scan } from '../../lib/io/parquet/index.js'
import type { Random } from '../../operators/simulation/random.js'
import { valuesOf } from './shared.js'
import { writeRows } from './write/files.js'
import { rowsOfKinds } from './write/rows.js'

export const ROWS = 9000
const GROUP_ROWS = 8192 // two row groups, the second one of a single page
export const SEED = Number(process.env.BASALT_SEED ?? 1)

export interface Read {
  /** By row of the file, the values of its columns; what was not read is left out. */
  rows: Map<number, unknown[]>
  unread: number
}

export async function read(
  file: DataFile,
  columns: ColumnBinding[],
  batchRows: number,
  wanted?: Wanted,
): Promise<Read> {
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
export async function meeting(file: DataFile, all: ColumnBinding[], where: Expr): Promise<number[]> {
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

export const CLUSTERED = ['i64_runs', 'i64_steps', 'ts_sorted', 'i32_falling', 'str_runs', 'bool_runs']

export function conditionOf(
  random: Random,
  columns: readonly ColumnBinding[],
  sample: ReadonlyMap<number, unknown[]>,
): Expr {
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

export const FORMS = [
  { nulls: 0, encoding: 'plain', compression: 'none' },
  { nulls: 0.2, encoding: 'plain', compression: 'snappy' },
  { nulls: 0.02, encoding: 'dictionary', compression: 'zstd' },
  { nulls: 0.9, encoding: 'delta', compression: 'snappy' },
] as const

export async function fileOf(folder: string, k: number) {
  const { nulls, encoding, compression } = FORMS[k]
  const path = join(folder, `form-${k}.parquet`)
  const options = { rowGroupRows: GROUP_ROWS, compression }
  await writeRows(path, rowsOfKinds(SEED + k, ROWS, nulls), options, { pageBytes: 8192, encoding })
  return describeFile(path)
}

export const same = (a: readonly unknown[], b: readonly unknown[]) => a.every((value, i) => Object.is(value, b[i]))
