import { type Drawn, entriesOf, MODES, ORIGINS, WIDTHS } from './configs.js'
import type { DataSet } from './data.js'
import * as catalog from './entries.js'
import { type Condition, type Filter, filterKinds } from './filters.js'
import { CODECS, FLAG_ENCODINGS, LAYOUTS, ORDERS, SEQUENCES, TIMES, UNITS } from './settings.js'

/** What must occur, by kind. */
const FEATURES: Record<string, readonly (string | number)[]> = {
  codec: CODECS,
  encoding: [
    'PLAIN',
    'PLAIN_DICTIONARY',
    'RLE_DICTIONARY',
    'DELTA_BINARY_PACKED',
    'DELTA_LENGTH_BYTE_ARRAY',
    'BYTE_STREAM_SPLIT',
  ],
  'row groups': ['one a file', 'several a file'],
  'order of rows': ORDERS,
  nulls: ['0%', '2%', '10%', '30%'],
  time: TIMES,
  sequence: SEQUENCES,
  units: UNITS,
  layout: LAYOUTS,
  flags: FLAG_ENCODINGS,
  size: ['integer', 'double'],
  listing: ['integer', 'text'],
  prices: ['scaled', 'double'],
  side: ['text', 'number'],
  'table filter': ['yes', 'no'],
  mode: MODES,
  convention: ['end/right', 'end/left', 'start/left', 'start/right'],
  width: WIDTHS,
  origin: ['midnight', ...ORIGINS.map(({ time_bucket_origin: at, time_zone: zone }) => `${at} ${zone}`)],
  order: ['listing', 'time'],
  workers: [1, 2],
  batch: [23, 400, 5000, 65_536],
  memory: ['20KB', '1GB'],
  'session end': ['yes', 'no'],
  filter: ['base', 'base {}', 'base default', 'price', 'volume', 'market states', 'attributes'],
  condition: ['equal', 'in', 'min', 'max', 'min_exclusive', 'max_exclusive', 'not', 'is_null'],
  family: [...catalog.FAMILIES, 'retail_imbalance', 'defaults'],
  sides: catalog.SIDES,
  measure: [...catalog.MEASURES, ...catalog.FLAG_MEASURES, ...catalog.CHANGES].filter(unique),
  reference: catalog.REFERENCES,
  aggregation: catalog.AGGREGATIONS,
  signed: ['true', 'false'],
  flag: catalog.FLAGS,
  scope: ['Local', 'Primary', 'Venue'],
  variant: [...catalog.IMPACTS, ...catalog.MICRO, ...catalog.SERIES],
  horizon: ['none', '100ms', '1s', '1m'],
  weighting: ['equal', 'share', 'notional'],
  unit: ['price', 'bps'],
  name: ['pattern', 'usual'],
}

/** Counts in how many configs each feature occurred. */
export class Coverage {
  private readonly counts = new Map(
    Object.entries(FEATURES).map(([kind, names]) => [kind, new Map(names.map(name => [String(name), 0]))]),
  )

  add(drawn: Drawn, data: DataSet): void {
    const seen = new Set<string>()
    for (const [kind, name] of [...featuresOfData(data), ...featuresOf(drawn)]) {
      const feature = `${kind} ${name}`
      if (seen.has(feature)) continue
      seen.add(feature)
      const counts = this.counts.get(kind)!
      counts.set(String(name), (counts.get(String(name)) ?? 0) + 1)
    }
  }

  lines(): string[] {
    return [...this.counts].map(
      ([kind, counts]) => `${kind}: ${[...counts].map(([name, n]) => `${name} ${n}`).join(', ')}`,
    )
  }

  never(): string[] {
    return [...this.counts].flatMap(([kind, counts]) =>
      [...counts].filter(([, n]) => n === 0).map(([name]) => `${kind} ${name}`),
    )
  }
}

type Feature = [kind: string, name: string | number]

function featuresOfData({ settings: s, encodings, groups }: DataSet): Feature[] {
  return [
    ['codec', s.codec],
    ...encodings.map((name): Feature => ['encoding', name]),
    ['row groups', groups > 1 ? 'several a file' : 'one a file'],
    ['order of rows', s.order],
    ['nulls', `${s.nulls * 100}%`],
    ['time', s.time],
    ['sequence', s.sequence],
    ['units', s.units],
    ['layout', s.layout],
    ['flags', s.flags],
    ['size', s.integerSize ? 'integer' : 'double'],
    ['listing', s.textListings ? 'text' : 'integer'],
    ['prices', s.scaled ? 'scaled' : 'double'],
    ['side', s.textSides ? 'text' : 'number'],
    ['table filter', s.tableFilter ? 'yes' : 'no'],
  ]
}

function featuresOf({ pass, execution, order, sessionEnd }: Drawn): Feature[] {
  const { trade_analytics: analytics, time_bucket_origin: origin } = pass
  const entries = entriesOf(pass, catalog.FAMILIES)
  const { base_filter: base, price_filter: price, volume_filter: volume } = analytics
  const features: Feature[] = [
    ['mode', pass.timeline_mode],
    ['convention', `${pass.time_bucket_anchor}/${pass.time_bucket_closed}`],
    ['width', pass.time_bucket_seconds],
    ['origin', origin ? `${origin} ${pass.time_zone}` : 'midnight'],
    ['order', order],
    ['workers', execution.workers as number],
    ['batch', execution.batch_rows as number],
    ['memory', execution.memory_budget as string],
    ['session end', sessionEnd ? 'yes' : 'no'],
    ['filter', base === undefined ? 'base default' : Object.keys(base).length > 0 ? 'base' : 'base {}'],
    ...conditionsOf('price', price),
    ...conditionsOf('volume', volume),
    ...filterKinds(base ?? {}).map((kind): Feature => ['condition', kind]),
  ]
  if (entries.length === 0) features.push(['family', 'defaults'])
  if (analytics.enable_retail_imbalance) features.push(['family', 'retail_imbalance'])
  return [
    ...features,
    ...entries.flatMap(({ family, entry }) => [['family', family] as Feature, ...featuresOfEntry(entry)]),
  ]
}

function featuresOfEntry(entry: catalog.Entry): Feature[] {
  const { sides, measures, references, aggregations, flags, scopes, variant, horizon } = entry
  const lists = {
    sides,
    measure: measures,
    reference: references,
    aggregation: aggregations,
    flag: flags,
    scope: scopes,
    variant,
  }
  const states = entry.market_states === undefined ? undefined : { state: entry.market_states as Condition }
  return [
    ...Object.entries(lists).flatMap(([kind, names = []]) => names.map((name): Feature => [kind, name])),
    ...(horizon ?? []).map((name): Feature => ['horizon', name ?? 'none']),
    ...(entry.weighting ? [['weighting', entry.weighting] as Feature, ['unit', entry.unit!] as Feature] : []),
    ...(entry.signed === undefined ? [] : [['signed', String(entry.signed)] as Feature]),
    ['name', entry.output_name_pattern ? 'pattern' : 'usual'],
    ...conditionsOf('market states', states),
    ...conditionsOf('attributes', entry.attribute_filters),
  ]
}

function conditionsOf(name: string, filter: Filter | undefined): Feature[] {
  if (!filter) return []
  return [['filter', name], ...filterKinds(filter).map((kind): Feature => ['condition', kind])]
}

function unique<T>(item: T, index: number, items: readonly T[]): boolean {
  return items.indexOf(item) === index
}
