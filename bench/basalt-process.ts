import { basalt } from '../lib/index.js'
import type { Order } from './job.js'
import { answer } from './process.js'

// Basalt through its public API, as a program of a user's would call it.
const { config, threads, out } = JSON.parse(process.argv[2]) as Order

const started = performance.now()
const pipeline = basalt({
  ...config,
  EXECUTION: { workers: threads },
  ...(out && { OUTPUT_TARGET: { type: 'parquet', path_template: out } }),
})
let rows = 0
let firstRows: number | null = null
if (out) {
  const report = await pipeline.run()
  for (const { failed } of report.passes) for (const { error } of failed) throw error
  rows = report.files.reduce((sum, file) => sum + file.rows, 0)
} else {
  for await (const batch of pipeline.stream()) {
    firstRows ??= performance.now() / 1000 // performance.now() counts from the start of the process
    rows += batch.numRows
  }
}
answer({ version: process.version, seconds: (performance.now() - started) / 1000, firstRows, rows })
