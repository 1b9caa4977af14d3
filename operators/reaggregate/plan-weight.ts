import { type LaterOffer, nearest, type Source } from '../../lib/core/index.js'
import { DEFAULT_WEIGHT, type ReaggregateConfig } from './settings.js'

/** What is tried where a source lacks the weight that no config chose. */
const SECOND_WEIGHT = 'TradeNotionalEUR'

/** Chooses the column of weights: null for plain means, or where nothing is averaged; undefined after a problem. */
export function planWeight(
  { weight_col, weight_mode }: ReaggregateConfig,
  source: Source,
  isNeeded: boolean,
  offer: LaterOffer,
): string | null | undefined {
  if (weight_col === null) return null
  const names = weight_col === DEFAULT_WEIGHT ? [weight_col, SECOND_WEIGHT] : [weight_col]
  const column = names.flatMap(name => source.columns.find(each => each.name === name) ?? [])[0]
  if (!column) {
    if (!isNeeded && weight_col === DEFAULT_WEIGHT) return null
    const near = nearest(
      weight_col,
      source.columns.map(({ name }) => name),
    )
    const missing = `${names.length > 1 ? 'neither' : 'no column'} ${names.map(name => `'${name}'`).join(' nor ')}`
    const first = near ? `did you mean '${near}'?` : `name a column of ${source.name};`
    offer.refuse('weight_col', `${source.name} has ${missing}`, `${first} null takes plain means`)
    return undefined
  }
  if (column.type !== 'f64' && column.type !== 'i64' && column.type !== 'i32') {
    offer.refuse('weight_col', `weights are numbers; ${column.name} is ${column.type}`)
    return undefined
  }
  if (weight_mode === 'daily' && !source.columns.some(({ name }) => name === 'Date' || name === 'TimeBucket')) {
    const problem = `rows of ${source.name} have neither Date nor TimeBucket, so that no date can be totalled`
    offer.refuse('weight_mode', problem, "use bucket, the row's own weight")
    return undefined
  }
  return column.name
}
