import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { SchemaElement } from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { dayOf } from '../../lib/core/time.js'
import { nanosOf, type TypedTable } from './typed-csv.js'

/** Parquet columns that tests write. `ts` is ns in UTC; `wall` is ns without a zone. */
export type InputType = 'i64' | 'i32' | 'f64' | 'f32' | 'bool' | 'str' | 'date' | 'ts' | 'ts_us' | 'ts_ms' | 'wall'

const stamp = (unit: 'NANOS' | 'MICROS' | 'MILLIS', isAdjustedToUTC = true): Omit<SchemaElement, 'name'> => ({
  type: 'INT64',
  logical_type: { type: 'TIMESTAMP', isAdjustedToUTC, unit },
})

const ELEMENTS: Record<InputType, Omit<SchemaElement, 'name'>> = {
  i64: { type: 'INT64' },
  i32: { type: 'INT32' },
  f64: { type: 'DOUBLE' },
  f32: { type: 'FLOAT' },
  bool: { type: 'BOOLEAN' },
  str: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  date: { type: 'INT32', converted_type: 'DATE' },
  ts: stamp('NANOS'),
  ts_us: stamp('MICROS'),
  ts_ms: stamp('MILLIS'),
  wall: stamp('NANOS', false),
}

const VALUES: Record<InputType, (text: string) => unknown> = {
  i64: text => BigInt(text),
  i32: Number,
  f64: Number,
  f32: Number,
  bool: text => text === 'true',
  str: text => text,
  date: text => dayOf(text),
  ts: nanosOf,
  ts_us: text => nanosOf(text) / 1000n,
  ts_ms: text => nanosOf(text) / 1_000_000n,
  wall: nanosOf,
}

/**
 * Writes a table as a Parquet file, its row groups as given. The writer is not the engine's own: that one makes row
 * groups of one size and stamps of one kind, and what reads its files would be tested against itself.
 */
export function writeTable(path: string, { columns, groups }: TypedTable): void {
  const rows = groups.flat()
  const bytes = parquetWriteBuffer({
    schema: [
      { name: 'root', num_children: columns.length },
      ...columns.map(({ name, type }): SchemaElement => ({ name, repetition_type: 'OPTIONAL', ...ELEMENTS[type] })),
    ],
    columnData: columns.map(({ name, type }, i) => ({
      name,
      data: rows.map(row => (row[i] === null || row[i] === undefined ? null : VALUES[type](row[i]))),
    })),
    rowGroupSize: groups.length > 0 ? groups.map(group => group.length) : 1,
  })
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, new Uint8Array(bytes))
}
