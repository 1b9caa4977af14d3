import { IDENTITY_COLUMNS, type LaterOffer, type OutputColumn, type Source } from '../../lib/core/index.js'
import type { Key } from '../statistics/groups.js'
import { sourceKey, statistic } from '../statistics/result-columns.js'
import { SourceColumns } from '../statistics/source-columns.js'
import type { Carried, RowsParameters } from './rows.js'
import type { EventConfig } from './settings.js'

interface PlannedColumns {
  listing: Key
  events: RowsParameters['events']
  metrics: Carried[]
  keys: string[]
  columns: OutputColumn[]
}

/** Looks up what the block names in both sources and lists the columns of the result; null after problems. */
export function planColumns(offer: LaterOffer): PlannedColumns | null {
  const config: EventConfig = offer.config
  const [source, metrics] = offer.sources
  const events = new SourceColumns(offer)
  const listing = events.any('symbol_col', config.symbol_col)
  const time = events.time('time_col', config.time_col)
  if (time && time.type !== 'ts') {
    events.refuse('time_col', `column '${time.name}' of ${source.name} is ${time.type}, not an instant`)
  }
  const rows = new SourceColumns({ ...offer, sources: [metrics] })
  const known = metricKey(config.symbol_col, metrics, rows, listing)
  const name = known?.name ?? 'ListingId'
  const carried = carriedColumns(offer, events, [name, 'TimeBucket'])
  const own = new Set([name, 'TimeBucket', 'Date'])
  const passed = new Set(carried.map(column => column.name))
  // What a listing is called is the same on both sides.
  const isTwice = (column: string) => passed.has(column) && (IDENTITY_COLUMNS as readonly string[]).includes(column)
  const measured = metrics.columns.filter(column => !own.has(column.name) && !isTwice(column.name))
  if (!listing || !time || !known) return null
  const told = [...source.keys, EVENT_TYPE].filter(each => each !== listing.name && each !== time.name)
  const keys = carried.filter(column => told.includes(column.name))
  const others = carried.filter(column => !keys.includes(column))
  const columns = [
    sourceKey({ ...listing, name }, 'symbol_col'),
    ...keysOfTime(config, keys),
    deltaColumn,
    ...others.map(column => passedColumn(column, config)),
    ...measured.map(column => asOfColumn(column, metrics)),
  ]
  refuseTwins(columns, metrics, events)
  if (events.refused + rows.refused > 0) return null
  const [first, ...rest] = [name, 'TimeBucket', ...keys.map(key => key.name), 'EventAnchorTime', 'EventContextIndex']
  return {
    listing: { name, type: listing.type },
    events: {
      listing: listing.name,
      time: time.name,
      keys: keys.map(carriedOf),
      others: others.map(carriedOf),
    },
    metrics: measured.map(carriedOf),
    keys: [first, ...rest],
    columns,
  }
}

const EVENT_TYPE = 'EventType'

const carriedOf = ({ name, type }: OutputColumn): Carried => ({ name, type })

/** Finds the column of the metric rows that the listing of an event is looked up in. */
function metricKey(
  symbol: string,
  metrics: Source,
  rows: SourceColumns,
  listing: OutputColumn | undefined,
): OutputColumn | undefined {
  const name = symbol !== 'ListingId' && metrics.keys.includes(symbol) ? symbol : 'ListingId'
  const found = rows.any('symbol_col', name)
  const time = rows.any('source_pass', 'TimeBucket')
  if (time && time.type !== 'ts') {
    rows.refuse('source_pass', `column 'TimeBucket' of ${metrics.name} is ${time.type}, not a label`)
  }
  if (found && listing && found.type !== listing.type) {
    const problem = `column '${symbol}' is ${listing.type}, and '${name}' of ${metrics.name} is ${found.type}`
    rows.refuse('symbol_col', problem, 'events and metrics need the same listings')
  }
  return found && time ? found : undefined
}

/** Lists the columns of the events that stay: their type and what passthrough_columns names. */
function carriedColumns({ config, warn }: LaterOffer, events: SourceColumns, keys: string[]): OutputColumn[] {
  const { symbol_col, time_col, passthrough_columns }: EventConfig = config
  const isTyped = events.has(EVENT_TYPE) && ![symbol_col, time_col].includes(EVENT_TYPE)
  const names: string[] = isTyped ? [EVENT_TYPE] : []
  for (const [i, name] of passthrough_columns.entries()) {
    const field = `passthrough_columns[${i}]`
    const source = keys.indexOf(name) < 0 ? undefined : [symbol_col, time_col][keys.indexOf(name)]
    if (!events.any(field, name)) continue
    if (source !== undefined && source !== name) {
      events.refuse(field, `'${name}' of an event row is its ${source}`, 'rename the column in the source')
    } else if (source !== undefined || names.includes(name)) warn(field, `'${name}' is there already`, 'leave it out')
    else names.push(name)
  }
  return names.map(name => events.source.columns.find(column => column.name === name) as OutputColumn)
}

function keysOfTime({ time_col }: EventConfig, keys: OutputColumn[]): OutputColumn[] {
  const shared = { merge: 'key', nullRule: 'never null', inputs: [time_col] }
  const row = statistic({
    ...shared,
    name: 'TimeBucket',
    type: 'ts',
    unit: 'ns UTC',
    doc: 'time of the row: that of the event, moved by EventDeltaSeconds',
    formula: 'EventAnchorTime + EventDeltaSeconds',
    from: 'time_col',
  })
  const anchor = statistic({
    ...shared,
    name: 'EventAnchorTime',
    type: 'ts',
    unit: 'ns UTC',
    doc: 'time of the event',
    formula: time_col,
    from: 'time_col',
  })
  const index = statistic({
    ...shared,
    name: 'EventContextIndex',
    type: 'i32',
    unit: 'rows',
    doc: 'place of the row around its event: 0 is the event, rows before it are negative',
    formula: '±i, i = 1 … extra_observations',
    from: 'extra_observations',
  })
  return [row, ...keys.map(key => sourceKey(key, 'by itself: key')), anchor, index]
}

const deltaColumn = statistic({
  name: 'EventDeltaSeconds',
  unit: 's',
  doc: 'how long after its event a row lies, negative before it',
  formula: '±R·i/n, or ±R·(s^i-1)/(s^n-1) with a scale_factor s, rounded to ns',
  nullRule: 'never null',
  inputs: [],
  from: 'radius_seconds',
})

const passedColumn = (column: OutputColumn, { passthrough_columns }: EventConfig): OutputColumn => ({
  ...column,
  merge: '–',
  from: `passthrough_columns[${passthrough_columns.indexOf(column.name)}]`,
})

const asOfColumn = (column: OutputColumn, { name }: Source): OutputColumn => ({
  ...column,
  merge: '–',
  doc: `${column.doc}; of the last row of ${name} that is known at TimeBucket`,
  nullRule: `${column.nullRule}; null where no row of the listing is known, or none within tolerance_seconds`,
  from: `by itself: column of ${name}`,
})

/** Reports columns that the events and the metrics would both give. */
function refuseTwins(columns: readonly OutputColumn[], metrics: Source, events: SourceColumns): void {
  const seen = new Map<string, string>()
  for (const { name, from } of columns) {
    const twin = seen.get(name)
    if (twin === undefined) seen.set(name, from)
    else {
      const field = twin.startsWith('passthrough') ? twin : 'source_pass'
      const problem = `output column '${name}' would be made twice, of the events and of ${metrics.name}`
      events.refuse(field, problem, 'rename one of them in a pass of module generic: as')
    }
  }
}
