import { Command } from 'commander'
import type { PlotFlags } from './plot-run.js'

const collect = (value: string, all: string[]): string[] => [...all, value]

export function plotCommand(): Command {
  return new Command('plot')
    .description('Draws the bars of a listing as candles with volumes and lines, into an SVG or HTML file.')
    .argument('<source>', 'a file of results (.parquet, .arrow, .csv, .ndjson) or a config, of which a pass is run')
    .requiredOption('--listing <id>', 'the ListingId')
    .option('--out <file>', 'ends in .svg or .html; - is stdout (default: LISTING_DATES.svg)')
    .option('--date <date>', 'one date (default: all)')
    .option('--from <time>', 'from this time of day, as 09:30, or this instant, as 2026-02-03T09:30; UTC')
    .option('--to <time>', 'up to this time of day or instant; UTC')
    .option('--columns <names>', "lines, as Sma14,Rsi14; '' for none (default: TradeTotalVWAP, where there is one)")
    .option('--open <column>', 'column of the first price (default: Open)')
    .option('--high <column>', 'column of the highest price (default: High)')
    .option('--low <column>', 'column of the lowest price (default: Low)')
    .option('--close <column>', 'column of the last price (default: Close); a line, where one of the others is missing')
    .option('--volume <column>', 'column of volumes (default: TradeTotalVolume)')
    .option('--pass <name>', 'of a config, the pass to draw (default: the last)')
    .option('--data-root <path>', 'of a config, DATA.root')
    .option('--set <path=value>', 'of a config, set any key, as PASSES[0].time_bucket_seconds=60', collect, [])
    .addHelpText(
      'after',
      `
Lines whose values are near the prices lie on them; others get a panel of their own. Where bars are too many they are joined
to wider ones, which the chart says: a line then has the value of the last bar of each.

Examples:
  basalt plot configs/examples/quickstart.yaml --listing 100009465 --date 2026-02-03
  basalt plot configs/examples/quickstart.yaml --listing 100009465 --from 08:00 --to 12:00 --out morning.html
  basalt stream run configs/examples/quickstart.yaml --format arrow --out bars.arrow && basalt plot bars.arrow --listing 100009465 --columns ''`,
    )
    .action(async (source: string, flags: PlotFlags) => {
      const { plot } = await import('./plot-run.js') // other commands draw nothing
      await plot(source, flags)
    })
}
