import { join } from 'node:path'
import { dayText } from '../core/index.js'

export type SampleLayout = 'hive' | 'bmll'

/** Folder and file prefix of a table in layout bmll. */
const BMLL: Record<string, { folder: string; prefix: string }> = {
  trades: { folder: 'Trades-Plus', prefix: 'trades-plus-' },
  marketstate: { folder: 'MarketState', prefix: 'market-state-' },
  reference: { folder: 'Reference', prefix: 'reference-' },
  l2: { folder: 'Equity', prefix: '' },
  l3: { folder: 'Equity-L3', prefix: 'l3-' },
  cbbo: { folder: 'CBBO', prefix: 'cbbo-' },
  imbalance: { folder: 'Imbalance', prefix: 'imbalance-' },
}

/** Returns where a table's rows of one day and market belong. Layout hive keeps one reference file a day for all. */
export function samplePath(out: string, layout: SampleLayout, table: string, day: number, mic: string): string {
  const date = dayText(day)
  if (layout === 'hive') {
    const market = table === 'reference' ? [] : [`mic=${mic}`]
    return join(out, table, `date=${date}`, ...market, 'part-0.parquet')
  }
  const { folder, prefix } = BMLL[table]
  const [year, month, dayOfMonth] = date.split('-')
  return join(out, folder, mic, year, month, dayOfMonth, `${prefix}${mic}-${year}${month}${dayOfMonth}.parquet`)
}
