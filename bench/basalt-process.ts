import { basalt } from 'basalt'
import type { Order, Run } from './job.js'
import { answer, timed } from './process.js'

// Basalt through its public API and by its name, as a program of a user's would call it: this is the bundle.
const { config, threads, repetitions, out } = JSON.parse(process.argv[2]) as Order
const common = { ...config, EXECUTION: { workers: threads } }
const version = process.version

if (out) {
  const target = { type: 'parquet', path_template: out, compression: 'zstd' }
  // Passes before the last feed it and are not written.
  const passes = (config.PASSES as { name: string }[]).map((pass, i, all) =>
    i === all.length - 1 ? { ...pass, output: target } : pass,
  )
  const { name } = passes[passes.length - 1]
  const report = await basalt({ ...common, PASSES: passes }).run({ passes: [name], fresh: true })
  for (const { failed } of report.passes) for (const { error } of failed) throw error
  const rows = report.files.reduce((sum, file) => sum + file.rows, 0)
  answer({ version, runs: [], rows })
} else {
  let rows = 0
  const runs: Run[] = []
  for (let i = 0; i <= repetitions; i++) {
    const run = await timed(async () => {
      rows = 0
      for await (const batch of basalt(common).stream()) rows += batch.numRows
    })
    if (i > 0) runs.push(run)
  }
  answer({ version, runs, rows })
}
