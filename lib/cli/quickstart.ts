import { existsSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { Pipeline } from '../basalt.js'
import { columnOf } from '../core/index.js'
import { ownFile } from '../own-file.js'
import { ExitCode } from './exit.js'
import { size, watch } from './progress.js'
import { TableText } from './table.js'

const SAMPLE = 'sample-market'
const SHOWN = 10

export function quickstartCommand(): Command {
  return new Command('quickstart')
    .description('Makes a small sample market, computes 1-minute bars from it and shows them.')
    .addHelpText('after', '\nExample:\n  basalt quickstart')
    .action(quickstart)
}

async function quickstart(): Promise<void> {
  const config = fileURLToPath(ownFile('configs/examples/quickstart.yaml'))
  const shown = relative(process.cwd(), config)
  if (!existsSync(SAMPLE)) {
    console.log(`Making a sample market in ${SAMPLE}/ …`)
    const { TRADE_TABLES, writeSample } = await import('../sample/write.js')
    await writeSample({ out: SAMPLE, tables: TRADE_TABLES })
  }
  const pipeline = new Pipeline([config], {})
  console.log(`Running ${shown} …\n`)
  const report = await pipeline.run({ fresh: true, onEvent: watch() })
  const table = new TableText()
  let listing = ''
  for await (const batch of pipeline.stream()) {
    process.stdout.write(table.batch(batch.slice(0, SHOWN)))
    listing = String(columnOf(batch, 'ListingId')?.values[0])
    break
  }
  const [pass] = report.passes
  console.log(
    `… ${pass.rowsOut.toLocaleString('en')} bars from ${pass.rowsIn.toLocaleString('en')} trades in ${pass.seconds.toFixed(2)} s`,
  )
  console.log(table.end())
  for (const file of report.files) console.log(`The bars lie in ${file.path} (${size(file.bytes)}).`)
  console.log(`\nNext: npx basalt stream run ${shown} --format csv | head -5`)
  console.log(`or:   npx basalt plot ${shown} --listing ${listing} --out chart.html`)
  if (pass.failed.length > 0) process.exitCode = ExitCode.partly
}
