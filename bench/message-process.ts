import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { type MessageData, messageFolder } from './message-data.js'
import { messagePreparation, messages } from './messages.sql.js'
import { DAY } from './trades.sql.js'

// Makes a data set of order messages, in a process of its own, as low in priority as the system allows.
setPriority(19)
const data = JSON.parse(process.argv[2]) as MessageData
const root = messageFolder(data)
const making = `${root}.making-${process.pid}`
const temp = `${making}.temp`
const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '8GB', temp_directory: temp })
const connection = await instance.connect()
try {
  const folder = join(making, `l3/date=${DAY}`)
  mkdirSync(folder, { recursive: true })
  for (const statement of messagePreparation(data.rows, data.seed, data.listings)) await connection.run(statement)
  const file = join(folder, 'part-0.parquet')
  await connection.run(`COPY (${messages}) TO '${file}' (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 122880)`)
  const [[count]] = (await connection.runAndReadAll(`SELECT count(*) FROM read_parquet('${file}')`)).getRows()
  writeFileSync(join(making, 'manifest.json'), JSON.stringify({ messages: Number(count) }))
  renameSync(making, root)
} finally {
  connection.closeSync()
  instance.closeSync()
  for (const folder of [making, temp]) rmSync(folder, { recursive: true, force: true })
}
