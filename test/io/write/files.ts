import { readFileSync } from 'node:fs'
import { batchOf, schemaOf } from '../../../lib/core/batch.js'
import type { EncodeOptions } from '../../../lib/io/parquet/write/chunk.js'
import { encodeRowGroup } from '../../../lib/io/parquet/write/group.js'
import { openSink } from '../../../lib/io/sinks/index.js'
import { type ParquetSinkOptions, parquetSink } from '../../../lib/io/sinks/parquet.js'
import type { Rows } from './rows.js'

/** Writes rows as one Parquet file and returns its bytes. `encoding` joins what the sink asks of its encoder. */
export async function writeRows(
  path: string,
  { specs, columns }: Rows,
  options: Partial<ParquetSinkOptions> = {},
  encoding?: Partial<EncodeOptions>,
): Promise<Uint8Array> {
  const schema = schemaOf(specs)
  const sink = await parquetSink({
    path,
    schema,
    ...(encoding && {
      async encode(columns, data, rows, options) {
        const group = encodeRowGroup(columns, data, rows, { ...options, ...encoding })
        return structuredClone(group, { transfer: [group.bytes.buffer] })
      },
    }),
    ...options,
  })
  await sink.write(batchOf(specs, columns, columns[0].values.length, schema))
  await sink.commit()
  return new Uint8Array(readFileSync(path))
}

/** Writes rows as one Arrow file of several batches. */
export async function writeArrow(path: string, { specs, columns }: Rows): Promise<void> {
  const schema = schemaOf(specs)
  const sink = await openSink('arrow', { path, schema })
  const whole = batchOf(specs, columns, columns[0].values.length, schema)
  for (let from = 0; from < whole.numRows; from += 700) await sink.write(whole.slice(from, from + 700))
  await sink.commit()
}
