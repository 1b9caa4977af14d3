import { DuckDBInstance, version } from '@duckdb/node-api'
import type { Order } from './job.js'
import { answer } from './process.js'

// DuckDB from npm. Rows stay in its own memory: fetching them into JavaScript would cost it more than the query.
const { query, threads, out, keys } = JSON.parse(process.argv[2]) as Order

const started = performance.now()
const instance = await DuckDBInstance.create(':memory:', { threads: String(threads) })
const connection = await instance.connect()
await connection.run('SET preserve_insertion_order = false')
const statement = out
  ? `COPY (${query} ORDER BY ${keys.join(', ')}) TO '${out}' (FORMAT parquet, COMPRESSION snappy)`
  : `CREATE TEMP TABLE answer AS ${query}`
await connection.run(statement)
const seconds = (performance.now() - started) / 1000
const counted = await connection.runAndReadAll(`SELECT count(*) FROM ${out ? `read_parquet('${out}')` : 'answer'}`)
answer({ version: version(), seconds, firstRows: null, rows: Number(counted.getRows()[0][0]) })
