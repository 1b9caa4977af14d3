import { type BucketRule, type Frame, Registry, takeRows } from '../../../lib/core/index.js'
import { externalEvents } from '../../../operators/external-events/module.js'
import { check, planned, sourceFrom } from '../statistics/frames.js'

export interface Given {
  events: Frame
  metrics: Frame
  /** Keys of the events; ListingId and TimeBucket when left out. */
  keys?: string[]
  /** Keys of the metric rows; Date, ListingId and TimeBucket when left out. */
  metricKeys?: string[]
  /** How labels of the metric rows were made, where it is not one minute with end labels. */
  rule?: Partial<BucketRule> | null
  config?: Record<string, unknown>
  /** Rows of the frames that the module is given. */
  size?: number
}

const KEYS = ['ListingId', 'TimeBucket']

/** Plans the module over two sources, called events and bars. */
export function outlined({ events, metrics, keys = KEYS, metricKeys = ['Date', ...KEYS], rule, config = {} }: Given) {
  const bars = sourceFrom(metrics, metricKeys)
  const sources = [
    { ...sourceFrom(events, keys), name: 'events' },
    { ...bars, name: 'bars', rule: rule === null || !bars.rule ? null : { ...bars.rule, ...rule } },
  ]
  return planned(externalEvents, sources, config)
}

/** Plans and runs it. Only the columns that it reads are given. */
export async function made(given: Given): Promise<Frame> {
  const { outline, refused } = outlined(given)
  if (!outline) throw new Error(`refused: ${refused.join(' | ')}`)
  const inputs = [given.events, given.metrics].map((frame, i) => parts(frame, outline.reads[i], given.size ?? Infinity))
  const parameters = JSON.parse(JSON.stringify(outline.parameters))
  const result = await externalEvents.run(inputs, parameters, { registry: new Registry(), where: {} })
  check(result, outline)
  return result
}

async function* parts({ rows, columns }: Frame, names: string[], size: number): AsyncGenerator<Frame> {
  const frame = { rows, columns: new Map(names.map(name => [name, columns.get(name)!])) }
  for (let from = 0; from < rows; from += size) {
    const index = Int32Array.from({ length: Math.min(size, rows - from) }, (_, i) => from + i)
    yield takeRows(frame, index)
  }
}
