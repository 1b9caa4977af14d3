import {
  type BucketRule,
  type ColumnType,
  dayText,
  type LaterOffer,
  NS_PER_DAY,
  nearest,
  type OutputColumn,
  type Source,
} from '../../lib/core/index.js'
import type { Grouping } from './regroup.js'
import type { Resampling } from './resample.js'
import { widthOfRule } from './resample-rule.js'
import type { GenericConfig } from './settings.js'

/** The keys that a config asks for, and how they come from its source. */
export interface PlannedKeys extends Pick<Grouping, 'keys' | 'resampling' | 'join' | 'sharedDate'> {
  rule: BucketRule | null
  columns: OutputColumn[]
  /** Rows keep their keys and their labels. */
  unchanged: boolean
}

type KeysConfig = Pick<GenericConfig, 'group_by' | 'resample_rule'>

/** Plans keys and labels; undefined after problems were reported. */
export function planKeys(config: KeysConfig, source: Source, offer: LaterOffer): PlannedKeys | undefined {
  const joined: string[] = []
  const keys: PlannedKeys['keys'] = []
  const known: OutputColumn[] = []
  for (const [i, name] of config.group_by.entries()) {
    const own = source.columns.find(column => column.name === name)
    const other = offer.reference.find(column => column.name === name)
    if (config.group_by.indexOf(name) < i) offer.refuse(`group_by[${i}]`, `'${name}' is named twice`)
    else if (own) {
      keys.push({ name, type: own.type })
      known.push({ ...own, merge: 'key' })
    } else if (other) {
      joined.push(name)
      keys.push(other)
      known.push(joinedColumn(name, other.type))
    } else refuseKey(name, `group_by[${i}]`, source, offer)
  }
  const resampling = planResampling(config, source, offer)
  const listed = (name: string) => source.columns.some(column => column.name === name)
  if (joined.length > 0 && !(listed('Date') && listed('ListingId'))) {
    const problem = `${joined.join(', ')} come from the reference table by Date and ListingId; ${source.name} lacks them`
    offer.refuse('group_by', problem, 'group by Reference columns in the first pass after the raw one')
    return undefined
  }
  if (resampling === undefined || keys.length < config.group_by.length) return undefined
  const rule = keys.some(({ name }) => name === 'TimeBucket') ? (resampling?.target ?? source.rule) : null
  const sharedDate =
    rule !== null && rule.width <= NS_PER_DAY && listed('Date') && !keys.some(({ name }) => name === 'Date')
  return {
    keys,
    resampling,
    join: joined.length > 0 ? { columns: joined, onUnmapped: offer.onUnmapped } : null,
    sharedDate,
    rule,
    columns: [...(sharedDate ? [sharedColumn(source)] : []), ...known],
    // The keys of the source name its rows; a date follows from a label, and further columns merge none.
    unchanged:
      resampling === null &&
      joined.length === 0 &&
      source.keys.length > 0 &&
      source.keys.every(key => config.group_by.includes(key) || (key === 'Date' && source.keys.includes('TimeBucket'))),
  }
}

function refuseKey(name: string, field: string, source: Source, offer: LaterOffer): void {
  const names = [...source.columns, ...offer.reference].map(column => column.name)
  const near = nearest(name, names)
  const where = offer.reference.length > 0 ? `${source.name} and the reference table have` : `${source.name} has`
  const unloaded = offer.reference.length > 0 ? undefined : 'name the reference table in DATA.reference'
  offer.refuse(field, `${where} no column '${name}'`, near ? `did you mean '${near}'?` : unloaded)
}

/** Plans how labels change; null: they stay; undefined after a problem. */
function planResampling(
  { resample_rule: text, group_by: keys }: KeysConfig,
  { rule, name, columns }: Source,
  offer: LaterOffer,
): Resampling | null | undefined {
  const anchor = offer.pass.anchor ?? rule?.anchor ?? 'end'
  if (text === null) {
    if (!rule || anchor === rule.anchor || !keys.includes('TimeBucket') || rule.mode !== 'sparse_digitised') return null
    return { source: rule, target: { ...rule, anchor } }
  }
  const refuse = (problem: string, hint?: string) => void offer.refuse('resample_rule', problem, hint)
  const read = widthOfRule(text)
  if ('problem' in read) return refuse(read.problem, read.hint)
  const { width } = read
  if (!keys.includes('TimeBucket')) return refuse(`resample_rule '${text}' needs 'TimeBucket' in group_by`)
  if (!rule && columns.some(column => column.name === 'TimeBucket'))
    return refuse(`it is not known how the labels of ${name} were made`, 'resample rows of a pass')
  if (!rule) return refuse(`rows of ${name} have no TimeBucket`)
  const point = rule.mode === 'sparse_original'
  const from = rule.mode === 'daily_analytics' ? NS_PER_DAY : rule.width
  if (!point && width % from !== 0) {
    const problem = `'${text}' is no multiple of the ${from / 1e9} s of ${name}`
    return refuse(problem, 'a source bucket must lie in one bucket of the result')
  }
  if (width > NS_PER_DAY && width % NS_PER_DAY !== 0) return refuse(`'${text}' is longer than a day`, 'use d or w')
  if (width > NS_PER_DAY && rule.origin !== null) {
    const problem = `'${text}' counts from Monday ${dayText(4)} 00:00 UTC; ${name} has an origin of its own`
    return refuse(problem, 'resample to a day at most')
  }
  const closed = point ? offer.pass.closed : rule.closed
  return { source: rule, target: { ...rule, mode: 'sparse_digitised', width, anchor, closed } }
}

function joinedColumn(name: string, type: ColumnType): OutputColumn {
  return {
    name,
    type,
    unit: 'identity',
    doc: `${name} of the listing on that date`,
    formula: 'reference table, point in time',
    merge: 'key',
    nullRule: 'null when the reference table has no row for the listing',
    hindsight: false,
    inputs: [name],
    from: 'by itself: DATA.reference has it',
  }
}

function sharedColumn({ columns }: Source): OutputColumn {
  const date = columns.find(({ name }) => name === 'Date') as OutputColumn
  return { ...date, merge: 'key', nullRule: 'null where source rows of two dates share a label' }
}
