import { SIMULATED_TABLES, type SimulatedTable } from '../../operators/simulation/desk.js'
import { simulate } from '../../operators/simulation/market.js'
import { BasaltError, dayOf, dayText, isWeekend, type RecordBatch, type Sink, type WrittenFile } from '../core/index.js'
import { openSink } from '../io/sinks/index.js'
import { type SampleLayout, samplePath } from './paths.js'

/** What analytics of trades read. The order books would take three times as long. */
export const TRADE_TABLES = ['reference', 'trades', 'marketstate'] as const satisfies readonly SimulatedTable[]

export interface SampleOptions {
  /** Directory under which the tables are written. */
  out: string
  listings?: number // 20
  /** Rows of the trades table a day, over all markets. */
  trades?: number // 100 000
  /** Trading days; weekends are skipped. */
  days?: number // 2
  start?: string // YYYY-MM-DD, 2026-02-03
  markets?: readonly string[] // MICs, XLON and XPAR
  seed?: number // 1
  layout?: SampleLayout // hive
  /** What is written; all tables. A table's bytes do not depend on which others are. */
  tables?: readonly SimulatedTable[]
  rowGroupRows?: number // 65 536
  onProgress?(progress: SampleProgress): void
}

export interface SampleProgress {
  rows: number // trades written so far
  total: number // trades of the whole sample
  day: string // YYYY-MM-DD
}

export interface Sample {
  files: WrittenFile[]
  rows: number // trades
  tables: readonly SimulatedTable[]
  listings: number
  days: string[] // YYYY-MM-DD
}

/** Rows of a row group, unless the caller says otherwise: all tables of a market take about 110 MB meanwhile. */
const ROW_GROUP_ROWS = 65_536

/**
 * Writes a synthetic market (reference data, trades, market states, order books as snapshots and as messages,
 * consolidated quotes, imbalances of auctions) as Parquet files. The same options give the same bytes. The files of a day
 * appear, each of them whole, when the day is complete; files of that name are replaced.
 */
export async function writeSample(options: SampleOptions): Promise<Sample> {
  const { out, listings = 20, trades = 100_000, markets = ['XLON', 'XPAR'], seed = 1, layout = 'hive' } = options
  const { tables = SIMULATED_TABLES, rowGroupRows = ROW_GROUP_ROWS, onProgress } = options
  if (!Number.isSafeInteger(rowGroupRows) || rowGroupRows < 1) {
    throw new BasaltError('config', `rowGroupRows must be at least 1, not ${rowGroupRows}`)
  }
  const days = tradingDays(options.start ?? '2026-02-03', options.days ?? 2)
  const files: WrittenFile[] = []
  const total = trades * days.length
  let rows = 0
  let writing = days[0]
  let open = new OpenFiles(rowGroupRows)
  try {
    for (const { day, table, mic, batch } of simulate({
      listings,
      tradesPerDay: trades,
      days,
      markets,
      seed,
      tables,
    })) {
      if (day !== writing) {
        files.push(...(await open.commit()))
        open = new OpenFiles(rowGroupRows)
        writing = day
      }
      await open.write(samplePath(out, layout, table, day, mic), batch)
      if (table !== 'trades') continue
      rows += batch.numRows
      onProgress?.({ rows, total, day: dayText(day) })
    }
    files.push(...(await open.commit()))
  } catch (error) {
    await open.abort(error)
    throw error
  }
  return { files, rows, tables, listings, days: days.map(dayText) }
}

/** Returns `count` weekdays (days since the epoch) from `start` on. */
function tradingDays(start: string, count: number): number[] {
  const first = dayOf(start)
  if (first === undefined) throw new BasaltError('config', `start must be a date as YYYY-MM-DD, not '${start}'`)
  if (!Number.isSafeInteger(count) || count < 1)
    throw new BasaltError('config', `days must be at least 1, not ${count}`)
  const days: number[] = []
  for (let day = first; days.length < count; day++) if (!isWeekend(day)) days.push(day)
  return days
}

/** The files of one day, opened when their first batch comes. */
class OpenFiles {
  private readonly sinks = new Map<string, Sink>()

  constructor(private readonly rowGroupRows: number) {}

  async write(path: string, batch: RecordBatch): Promise<void> {
    let sink = this.sinks.get(path)
    if (!sink) {
      sink = await openSink('parquet', { path, schema: batch.schema, rowGroupRows: this.rowGroupRows })
      this.sinks.set(path, sink)
    }
    await sink.write(batch)
  }

  async commit(): Promise<WrittenFile[]> {
    const files: WrittenFile[] = []
    for (const [path, sink] of this.sinks) {
      files.push(...(await sink.commit()))
      this.sinks.delete(path)
    }
    return files
  }

  async abort(reason: unknown): Promise<void> {
    // A second fault must not hide the first, nor keep the other files from being removed.
    await Promise.allSettled([...this.sinks.values()].map(sink => sink.abort(reason)))
  }
}
