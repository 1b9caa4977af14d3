import { DuckDBInstance, version } from '@duckdb/node-api'
import type { Order, Run } from './job.js'
import { answer, timed } from './process.js'

// DuckDB from npm. Its chunks are counted and left as they are: JavaScript values would cost it more than the query.
const { query, threads, repetitions, out, keys } = JSON.parse(process.argv[2]) as Order

const instance = await DuckDBInstance.create(':memory:', { threads: String(threads) })
const connection = await instance.connect()
await connection.run('SET preserve_insertion_order = false') // its best; ORDER BY holds all the same
if (out) {
  await connection.run(
    `COPY (${query} ORDER BY ${keys.join(', ')}) TO '${out}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 3)`,
  )
  answer({ version: version(), runs: [], rows: null })
} else {
  let rows = 0
  const runs: Run[] = []
  for (let i = 0; i <= repetitions; i++) {
    const run = await timed(async () => {
      rows = 0
      const result = await connection.stream(query) // held whole, results of earlier repetitions would pile up
      for (let chunk = await result.fetchChunk(); chunk?.rowCount; chunk = await result.fetchChunk())
        rows += chunk.rowCount
    })
    if (i > 0) runs.push(run)
  }
  answer({ version: version(), runs, rows })
}
