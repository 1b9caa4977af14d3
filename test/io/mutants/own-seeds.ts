import { join } from 'node:path'
import { batchOf, type Column, type ColumnSpec, schemaOf } from '../../../lib/core/batch.js'
import { openSink } from '../../../lib/io/sinks/index.js'
import { Random } from '../../../operators/simulation/random.js'

const TYPES = ['f64', 'i64', 'i32', 'bool', 'str', 'ts', 'date'] as const
const WORDS = ['', 'XLON', 'é', 'a longer word than the others', 'B', 'S']

/** Writes a seed with Basalt's own sink, several row groups, some columns required; returns its path. */
export async function writeOwn(folder: string, k: number): Promise<string> {
  const random = new Random(0x51ac, k)
  const path = join(folder, `basalt-${String(k).padStart(2, '0')}.parquet`)
  const rows = 60 + random.below(150)
  const rate = [0, 0.3, 1][k % 3]
  const specs: ColumnSpec[] = []
  const columns: Column[] = []
  for (let c = 0; c <= k % 5; c++) {
    const type = TYPES[(k + c) % TYPES.length]
    const valid = rate > 0 ? Uint8Array.from({ length: rows }, () => (random.chance(rate) ? 0 : 1)) : null
    specs.push({ name: `c${c}`, type, nullable: rate > 0 || random.chance(0.5) })
    columns.push(columnOf(type, rows, valid, random))
  }
  const schema = schemaOf(specs)
  const compression = k % 2 ? 'snappy' : 'none'
  const sink = await openSink('parquet', { path, schema, compression, rowGroupRows: k % 4 === 3 ? 100 : 1000 })
  await sink.write(batchOf(specs, columns, rows, schema))
  await sink.commit()
  return path
}

function columnOf(type: ColumnSpec['type'], rows: number, valid: Uint8Array | null, random: Random): Column {
  const length = { length: rows }
  switch (type) {
    case 'f64':
      return { type, valid, values: Float64Array.from(length, () => random.below(5000) / 100) }
    case 'i64':
      return { type, valid, values: BigInt64Array.from(length, () => BigInt(random.bits()) * 4097n) }
    case 'ts':
      return {
        type,
        valid,
        values: BigInt64Array.from(length, (_, i) => 1_770_000_000_000_000_000n + BigInt(i) * 1_000_003n),
      }
    case 'i32':
    case 'date':
      return { type, valid, values: Int32Array.from(length, () => random.below(20_000)) }
    case 'bool':
      return { type, valid, values: Uint8Array.from(length, () => random.below(2)) }
    case 'str':
      return {
        type,
        valid,
        values: Int32Array.from(length, () => random.below(WORDS.length)),
        dictionary: { words: WORDS },
      }
  }
}
