import { basalt } from 'basalt'
import type { Order, Run } from './job.js'
import { answer, timed } from './process.js'

// Basalt through its public API and by its name, as a program of a user's would call it: this is the bundle.
const { config, threads, repetitions } = JSON.parse(process.argv[2]) as Order
const common = { ...config, EXECUTION: { workers: threads } }
let rows = 0
const runs: Run[] = []
for (let i = 0; i <= repetitions; i++) {
  const run = await timed(async () => {
    rows = 0
    for await (const batch of basalt(common).stream()) rows += batch.numRows
  })
  if (i > 0) runs.push(run)
}
answer({ version: process.version, runs, rows })
