import { Command, InvalidArgumentError, Option } from 'commander'
import { size } from './progress.js'

const whole = (text: string): number => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('It must be a whole number.')
  return value
}

interface SampleFlags {
  out: string
  listings: number
  trades: number
  days: number
  markets: string
  seed: number
  start: string
  layout: 'hive' | 'bmll'
}

export function sampleCommand(): Command {
  return new Command('sample')
    .description('Writes a synthetic market from a simulated order book: trades, reference, market states.')
    .requiredOption('--out <dir>', 'where to')
    .option('--listings <n>', 'number of listings', whole, 20)
    .option('--trades <n>', 'trades a day', whole, 100_000)
    .option('--days <n>', 'trading days', whole, 2)
    .option('--markets <list>', 'market codes, separated by commas', 'XLON,XPAR')
    .option('--seed <n>', 'the same seed gives the same bytes', whole, 1)
    .option('--start <date>', 'first day', '2026-02-03')
    .addOption(new Option('--layout <name>', 'folders').choices(['hive', 'bmll']).default('hive'))
    .addHelpText('after', '\nExample:\n  basalt sample --out sample-market --listings 20 --trades 100000 --days 2')
    .action(async (flags: SampleFlags) => {
      const { writeSample } = await import('../sample/write.js') // other commands need no order book
      const started = performance.now()
      const { files, rows } = await writeSample({
        ...flags,
        markets: flags.markets.split(',').map(market => market.trim()),
      })
      const bytes = files.reduce((total, file) => total + file.bytes, 0)
      console.log(
        `wrote ${rows.toLocaleString('en')} trades, ${files.length} files, ${size(bytes)} to ${flags.out} in ${((performance.now() - started) / 1000).toFixed(1)} s`,
      )
    })
}
