import {
  type Context,
  type Cut,
  type Frame,
  gathered,
  laterModule,
  type OutputColumn,
  type Source,
  type StateColumn,
} from '../../lib/core/index.js'
import { planEstimates } from './estimates.js'
import { type PlannedKeys, planKeys } from './grouping.js'
import { type PlannedIndicator, planIndicators } from './indicator-plan.js'
import { type SeriesKeys, withIndicators } from './indicators.js'
import { planMeasure, readsOf } from './measures.js'
import { type Grouping, Regrouping } from './regroup.js'
import { checkNames, requestsOf } from './requests.js'
import { resampledOn } from './resample.js'
import { type GenericConfig, genericSettings } from './settings.js'

interface Parameters {
  /** Null: the source's rows as they are. */
  grouping: Grouping | null
  indicators: PlannedIndicator[]
  series: SeriesKeys
}

/** Regroups, resamples and aggregates the rows of an earlier pass, and runs indicators over them (semantics 5.11). */
export const generic = laterModule({
  name: 'generic',
  doc: 'regroups, resamples and aggregates an earlier pass; technical indicators over its rows',
  block: 'generic_analytics',
  settings: genericSettings,
  sources: ({ source_pass }) => [{ field: 'source_pass', name: source_pass }],
  keeps: (config, wanted) => [keptOfSource(config, wanted)],

  outline(offer) {
    const config: GenericConfig = offer.config
    const [source] = offer.sources
    const keys = planKeys(config, source, offer)
    const requests = requestsOf(config)
    const keep = config.keep_state ? new Set(requests.map(({ name }) => name)) : offer.keep
    const buckets = {
      seconds: keys?.rule && keys.rule.mode !== 'sparse_original' ? keys.rule.width / 1e9 : null,
      byListing: config.group_by.includes('ListingId'),
    }
    const made = requests.map(request => planMeasure(request, source, { ...offer, keep }, buckets))
    if (!keys) return null
    const estimates = planEstimates(config, source, keys, offer)
    const through = requests.length + config.estimators.length === 0
    if (through && !keys.unchanged) {
      const asked = config.resample_rule ? `resample_rule '${config.resample_rule}'` : 'other keys in group_by'
      const hint = 'name columns: {Close: last, TradeTotalVolume: sum}'
      offer.refuse('aggregations', `${asked} merges rows, and nothing says how`, hint)
      return null
    }
    const measures = made.flatMap(each => each ?? [])
    if (measures.length < made.length) return null
    const rows = through
      ? source.columns
      : [...keys.columns, ...measures.map(({ column }) => column), ...estimates.columns]
    const indicators = planIndicators(config, rows, keys, offer)
    const stateColumns = through ? stateOfSource(offer.keep, source) : measures.flatMap(({ state }) => state)
    const columns = [...rows, ...(config.keep_state ? stateColumns.map(shownState) : []), ...indicators.columns]
    checkNames(columns, offer)
    const grouping: Grouping | null = through
      ? null
      : {
          keys: keys.keys,
          resampling: keys.resampling,
          join: keys.join,
          sharedDate: keys.sharedDate,
          measures: measures.map(({ measure }) => measure),
          estimates: estimates.planned,
        }
    const names = keys.keys.map(({ name }) => name)
    const parameters: Parameters = {
      grouping,
      indicators: indicators.planned,
      series: {
        by: names.filter(name => !TIME_KEYS.has(name)).concat(config.indicator_scope === 'date' ? 'Date' : []),
        time: 'TimeBucket',
      },
    }
    return {
      keys: through ? source.keys : names,
      columns,
      reads: [
        grouping ? readsOfGrouping(grouping, source) : [...source.columns, ...stateColumns].map(({ name }) => name),
      ],
      rule: keys.rule,
      scope: scopeOfKeys(names, keys.sharedDate, indicators.planned.length > 0 && config.indicator_scope === 'run'),
      cuts: cutsOf(through ? source.keys : names, keys, {
        dated: source.columns.some(({ name }) => name === 'Date'),
        overDates: indicators.planned.length > 0 && config.indicator_scope === 'run',
      }),
      holdsRows: through || estimates.planned.length > 0,
      state: through
        ? Object.fromEntries(Object.entries(source.state).filter(([name]) => keep.has(name)))
        : Object.fromEntries(measures.flatMap(({ measure }) => (measure.kept ? [[measure.name, measure.kept]] : []))),
      stateColumns: config.keep_state ? [] : stateColumns,
      parameters,
    }
  },

  labels: (labels, day, { grouping }: Parameters) => resampledOn(labels, day, grouping?.resampling ?? null),

  async run([input], { grouping, indicators, series }: Parameters, context) {
    const rows = grouping ? await regrouped(input, grouping, context) : await gathered(input)
    return withIndicators(rows, indicators, series)
  },
})

async function regrouped(input: AsyncIterable<Frame>, grouping: Grouping, context: Context): Promise<Frame> {
  const regrouping = new Regrouping(grouping, context)
  for await (const frame of input) regrouping.add(frame)
  return regrouping.finish()
}

/** A row depends on its listing alone, or on its date alone where no series goes on over dates. */
function scopeOfKeys(keys: string[], sharedDate: boolean, overDates: boolean): 'symbol' | 'date' | 'all' {
  if (keys.includes('ListingId')) return 'symbol'
  return !overDates && (sharedDate || keys.includes('Date')) ? 'date' : 'all'
}

/**
 * Lists how rows can be kept apart: by date, where none goes on over dates, and by the keys that name an entity and that the
 * source has itself. Those of the reference table may change from one date to another.
 */
function cutsOf(
  names: string[],
  { join, sharedDate }: PlannedKeys,
  { dated, overDates }: { dated: boolean; overDates: boolean },
): Cut[] {
  const byDate = dated && !overDates && (sharedDate || names.includes('Date'))
  const entity = names.filter(name => !TIME_KEYS.has(name) && !join?.columns.includes(name))
  return [
    ...(byDate ? [{ columns: [['Date']], labels: !names.includes('Date') }] : []),
    ...(entity.length > 0 ? [{ columns: [entity] }] : []),
  ]
}

/** Edges need the time of their values, merged columns their state; rows that go through need what is asked of them. */
function keptOfSource(config: GenericConfig, wanted: ReadonlySet<string>): string[] {
  const requests = requestsOf(config)
  if (requests.length === 0) return [...wanted]
  return requests.filter(({ method }) => STATEFUL.has(method)).map(({ column }) => column)
}

/** Keys that follow time: they tell no series apart. */
const TIME_KEYS = new Set(['Date', 'TimeBucket', 'BarIndex'])

const STATEFUL = new Set(['first', 'last', 'merge'])

/** Lists what a grouping reads of its source. */
export function readsOfGrouping(
  { keys, resampling, join, measures, estimates }: Grouping,
  { columns }: Source,
): string[] {
  const joined = new Set(join?.columns)
  const own = keys.map(({ name }) => name).filter(name => !joined.has(name))
  const dated = columns.some(({ name }) => name === 'Date') ? ['Date'] : []
  const listings = join ? ['ListingId'] : []
  const labels = resampling ? ['TimeBucket'] : []
  const has = (name: string) => columns.some(column => column.name === name)
  const read = measures.flatMap(readsOf).filter(name => name !== 'TimeBucket' || has(name))
  const estimated = estimates.flatMap(({ inputs, time }) => [...inputs, ...(time ? [time] : [])])
  return [...new Set([...own, ...labels, ...dated, ...listings, ...read, ...estimated])]
}

/** Lists the columns of state that go on with their columns. */
function stateOfSource(keep: ReadonlySet<string>, { state, columns }: Source): StateColumn[] {
  const shown = new Set(columns.map(({ name }) => name))
  const parts = Object.entries(state)
    .filter(([name]) => keep.has(name))
    .flatMap(([, { folds }]) => Object.values(folds).flatMap(fold => Object.values(fold.columns)))
  return [...new Map(parts.filter(({ name }) => !shown.has(name)).map(part => [part.name, part])).values()]
}

const shownState = ({ name, type }: StateColumn): OutputColumn => ({
  name,
  type,
  unit: 'state',
  doc: 'what later passes merge by',
  formula: name,
  merge: '–',
  nullRule: 'null when nothing matched',
  hindsight: false,
  inputs: [],
  from: 'keep_state',
})
