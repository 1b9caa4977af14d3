import { Command, InvalidArgumentError, Option } from 'commander'
import type { SampleOptions } from '../sample/write.js'
import { size } from './progress.js'

const whole = (text: string): number => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('It must be a whole number.')
  return value
}

const listed = (text: string): string[] => text.split(',').map(name => name.trim())

interface SampleFlags {
  out: string
  listings: number
  trades: number
  days: number
  markets: string
  seed: number
  start: string
  layout: 'hive' | 'bmll'
  tables?: string
}

const HELP = `
Tables:
  reference     tickers, markets and instruments of a date
  trades        with the quotes and mids around them
  marketstate   changes of state: auctions, halts, the close
  l2            the book after each event, ten levels a side
  l3            each order message: inserts, updates, executions, removals
  cbbo          best bid and offer of an instrument over its markets
  imbalance     what an auction would trade, every ten seconds of a call

Examples:
  basalt sample --out sample-market --listings 20 --trades 100000 --days 2
  basalt sample --out sample-market --tables reference,trades,marketstate`

export function sampleCommand(): Command {
  return new Command('sample')
    .description('Writes a synthetic market from a simulated order book: trades, books, quotes, reference.')
    .requiredOption('--out <dir>', 'where to')
    .option('--listings <n>', 'number of listings', whole, 20)
    .option('--trades <n>', 'trades a day', whole, 100_000)
    .option('--days <n>', 'trading days', whole, 2)
    .option('--markets <list>', 'market codes, separated by commas', 'XLON,XPAR')
    .option('--seed <n>', 'the same seed gives the same bytes', whole, 1)
    .option('--start <date>', 'first day', '2026-02-03')
    .addOption(new Option('--layout <name>', 'folders').choices(['hive', 'bmll']).default('hive'))
    .option('--tables <list>', 'what to write, separated by commas; default: all (l2 and l3 take longest)')
    .addHelpText('after', HELP)
    .action(async (flags: SampleFlags) => {
      const { writeSample } = await import('../sample/write.js') // other commands need no order book
      const started = performance.now()
      const { files, rows, tables } = await writeSample({
        ...flags,
        markets: listed(flags.markets),
        // Names are checked where the tables are known.
        tables: flags.tables === undefined ? undefined : (listed(flags.tables) as SampleOptions['tables']),
      })
      const bytes = files.reduce((total, file) => total + file.bytes, 0)
      const trades = tables.includes('trades') ? `${rows.toLocaleString('en')} trades, ` : ''
      console.log(
        `wrote ${trades}${files.length} files, ${size(bytes)} to ${flags.out} in ${((performance.now() - started) / 1000).toFixed(1)} s`,
      )
    })
}
