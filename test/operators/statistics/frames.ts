import * as z from 'zod'
import {
  type BucketRule,
  type Column,
  type ColumnType,
  type Context,
  type Fields,
  type Frame,
  Interner,
  type LaterModule,
  type LaterOffer,
  type Outline,
  type OutputColumn,
  Registry,
  type Source,
  takeRows,
} from '../../../lib/core/index.js'

const MINUTES = {
  mode: 'sparse_digitised' as const,
  width: 60e9,
  anchor: 'end' as const,
  closed: 'right' as const,
  origin: null,
  zone: 'UTC',
}

export type Cell = number | string | null

/** Makes a column of plain values; i64 and ts are given as whole numbers, ts in seconds after 10:00. */
export function columnFrom(type: ColumnType, cells: readonly Cell[]): Column {
  const valid = cells.includes(null) ? Uint8Array.from(cells, cell => (cell === null ? 0 : 1)) : null
  if (type === 'i64' || type === 'ts') {
    const values = BigInt64Array.from(cells, cell => (type === 'ts' ? labelOf(Number(cell ?? 0)) : BigInt(cell ?? 0)))
    return { type, values, valid }
  }
  if (type === 'str') {
    const interner = new Interner()
    const values = Int32Array.from(cells, cell => interner.code(String(cell ?? '')))
    return { type, values, valid, dictionary: interner.snapshot() }
  }
  const numbers = cells.map(cell => Number(cell ?? 0))
  if (type === 'f64') return { type, values: Float64Array.from(numbers), valid }
  if (type === 'bool') return { type, values: Uint8Array.from(numbers), valid }
  return { type, values: Int32Array.from(numbers), valid }
}

const TEN_O_CLOCK = 1_767_348_000n * 1_000_000_000n

/** Returns the label that is so many seconds after 10:00 of 2026-01-02. */
export const labelOf = (seconds: number): bigint => TEN_O_CLOCK + BigInt(Math.round(seconds * 1e9))

/** Makes a frame of columns `Name:type`. */
export function frameFrom(columns: Record<string, readonly Cell[]>): Frame {
  const entries = Object.entries(columns).map(([header, cells]) => {
    const [name, type = 'f64'] = header.split(':')
    return [name, columnFrom(type as ColumnType, cells)] as const
  })
  return { rows: entries[0]?.[1].values.length ?? 0, columns: new Map(entries) }
}

/** Reads a frame back: rows of cells by column name; ts as seconds after 10:00. */
export function rowsOf({ rows, columns }: Frame): Record<string, Cell>[] {
  return Array.from({ length: rows }, (_, i) => {
    return Object.fromEntries([...columns].map(([name, column]) => [name, cellOf(column, i)]))
  })
}

function cellOf(column: Column, i: number): Cell {
  if (column.valid && !column.valid[i]) return null
  if (column.type === 'ts') return Number(column.values[i] - TEN_O_CLOCK) / 1e9
  return column.type === 'str' ? column.dictionary.words[column.values[i]] : Number(column.values[i])
}

const RULE: BucketRule = {
  mode: 'sparse_digitised',
  width: 60e9,
  anchor: 'end',
  closed: 'right',
  origin: null,
  zone: 'UTC',
}

/** Makes the source that has a frame's columns. */
export function sourceFrom({ columns }: Frame, keys: string[], units: Record<string, string> = {}): Source {
  const described = [...columns].map(([name, { type }]): OutputColumn => {
    const unit = units[name] ?? 'local currency'
    return {
      name,
      type,
      unit,
      doc: name,
      formula: name,
      merge: '–',
      nullRule: 'null',
      hindsight: false,
      inputs: [],
      from: '',
    }
  })
  return { name: 'pass1', columns: described, keys, rule: RULE, state: {} }
}

export interface Planned {
  outline: Outline | null
  /** Problems as `field: problem; hint`. */
  refused: string[]
  warned: string[]
}

/** Plans a module over a source, with the defaults of its schema. */
export function planned(
  module: LaterModule,
  source: Source | Source[],
  config: Record<string, unknown>,
  reference: LaterOffer['reference'] = [],
): Planned {
  const fields = (typeof module.settings === 'function' ? {} : module.settings) as Fields
  const schema = z.strictObject(fields as Record<string, z.ZodType>)
  const refused: string[] = []
  const warned: string[] = []
  const into = (list: string[]) => (field: string, problem: string, hint?: string) => {
    list.push(`${field}: ${problem}${hint ? `; ${hint}` : ''}`)
  }
  const outline = module.outline({
    config: schema.parse(config),
    sources: [source].flat(),
    pass: { name: 'pass2', anchor: null, closed: 'right', rule: MINUTES },
    keep: new Set(),
    reference,
    onUnmapped: 'keep',
    refuse: into(refused),
    warn: into(warned),
  })
  return { outline, refused, warned }
}

const context: Context = { registry: new Registry(), where: {} }

/**
 * Plans and runs a module over a frame, cut into parts of `size` rows, and checks what every result must be: the
 * outline's columns, of their types, in ascending order of distinct keys, without NaN. Only what it reads is given.
 */
export async function computed(
  module: LaterModule,
  frame: Frame,
  keys: string[],
  config: Record<string, unknown>,
  size = Infinity,
): Promise<Frame> {
  const { outline, refused } = planned(module, sourceFrom(frame, keys), config)
  if (!outline) throw new Error(`refused: ${refused.join(' | ')}`)
  const read = { rows: frame.rows, columns: new Map(outline.reads[0].map(name => [name, frame.columns.get(name)!])) }
  const result = await module.run([parts(read, size)], JSON.parse(JSON.stringify(outline.parameters)), context)
  check(result, outline)
  return result
}

async function* parts(frame: Frame, size: number): AsyncGenerator<Frame> {
  if (frame.rows <= size) return yield frame
  for (let from = 0; from < frame.rows; from += size) {
    const rows = Math.min(size, frame.rows - from)
    yield takeRows(
      frame,
      Int32Array.from({ length: rows }, (_, i) => from + i),
    )
  }
}

/** Throws where a result is not what every result must be. */
export function check(result: Frame, { columns, keys }: Outline): void {
  const names = columns.map(({ name }) => name)
  const equal = (a: unknown, b: unknown, what: string) => {
    if (JSON.stringify(a) !== JSON.stringify(b))
      throw new Error(`${what}: ${JSON.stringify(a)}, not ${JSON.stringify(b)}`)
  }
  equal(names.slice(0, keys.length), keys, 'the first columns')
  equal([...result.columns.keys()], names, 'columns')
  for (const { name, type } of columns) {
    const column = result.columns.get(name)!
    equal(column.type, type, `type of ${name}`)
    equal(column.values.length, result.rows, `rows of ${name}`)
    if (type === 'f64' && (column.values as Float64Array).some(value => !Number.isFinite(value))) {
      throw new Error(`${name} has a value that is not finite`)
    }
  }
  const cells = rowsOf(result).map(row => keys.map(key => row[key]))
  for (let i = 1; i < cells.length; i++) {
    const at = cells[i].findIndex((cell, k) => cell !== cells[i - 1][k])
    if (at < 0) throw new Error(`two rows of the keys ${cells[i]}`)
    const [a, b] = [cells[i - 1][at], cells[i][at]]
    if (a === null || (b !== null && a > b)) throw new Error(`${cells[i - 1]} comes before ${cells[i]}`)
  }
}

/** Tells whether two numbers agree to `digits` significant digits. */
export const close = (a: Cell, b: Cell, digits = 11): boolean =>
  typeof a === 'number' && typeof b === 'number' ? Math.abs(a - b) <= 10 ** -digits * Math.max(1, Math.abs(b)) : a === b

/** Returns the rows of a frame in another order, the same for one seed. */
export function shuffled(frame: Frame, seed: number): Frame {
  const order = Int32Array.from({ length: frame.rows }, (_, i) => i)
  let state = seed
  for (let i = order.length - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const j = state % (i + 1)
    ;[order[i], order[j]] = [order[j], order[i]]
  }
  return takeRows(frame, order)
}
