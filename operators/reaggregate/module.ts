import { type Frame, frameColumn, type LaterOffer, laterModule, type Source, takeRows } from '../../lib/core/index.js'
import { planKeys } from '../generic/grouping.js'
import { readsOfGrouping } from '../generic/module.js'
import { type Grouping, Regrouping } from '../generic/regroup.js'
import { resampledOn } from '../generic/resample.js'
import { daysOfRows, type MembershipParameters, readMembership } from './membership.js'
import { planColumns, rolesOf, WEIGHT } from './plan-columns.js'
import { planMembership } from './plan-membership.js'
import { planWeight } from './plan-weight.js'
import { DEFAULT_MEMBERSHIP, type ReaggregateConfig, reaggregateSettings } from './settings.js'
import { DailyWeights } from './weights.js'

interface Parameters {
  membership: MembershipParameters
  grouping: Grouping
  /** Column of weights that are totalled by date; null: none are. */
  dailyWeight: string | null
  /** Anchor of the source's labels, from which a day is taken where Date has none. */
  anchor: 'end' | 'start'
}

/**
 * Makes rows of groups of listings (indices, sectors) of the rows of their members: what adds up is added, prices and
 * ratios are averaged by weight, labels are the last ones (semantics 5.12).
 */
export const reaggregate = laterModule({
  name: 'reaggregate',
  doc: 'makes rows of indices and other groups of listings, by a membership, of the rows of an earlier pass',
  block: 'reaggregate_analytics',
  settings: reaggregateSettings,

  // Totals of a date are needed before its first row is averaged: the source is then read twice, not held.
  sources(config: ReaggregateConfig) {
    const source = { field: 'source_pass', name: config.source_pass ?? null }
    const membership = config.group_df_pass
      ? { field: 'group_df_pass', name: config.group_df_pass }
      : { field: 'group_df_context_key', name: config.group_df_context_key ?? DEFAULT_MEMBERSHIP }
    const isDaily = config.weight_col !== null && config.weight_mode !== 'bucket'
    return [source, membership, ...(isDaily ? [source] : [])]
  },

  outline(offer) {
    const config: ReaggregateConfig = offer.config
    const [source, members] = offer.sources
    refuseTwoMemberships(config, offer)
    const membership = planMembership(config, source, members, offer)
    const isNeeded = rolesOf(config, source).some(({ role }) => role === 'average')
    const weight = planWeight(config, source, isNeeded, offer)
    const grouped = membership && withGroup(source, config, membership.group.type, offer)
    const keys = grouped && planKeys(config, grouped, offer)
    if (!keys || weight === undefined) return null
    const { group } = membership
    const columns = planColumns(config, source, weight, offer)
    if (!columns) return null
    const names = keys.keys.map(({ name }) => name)
    const { resampling, join, sharedDate } = keys
    const grouping: Grouping = {
      keys: keys.keys,
      resampling,
      join,
      sharedDate,
      measures: columns.measures,
      estimates: [],
    }
    const isDaily = weight !== null && config.weight_mode === 'daily' && columns.weighted
    const dated = source.columns.map(({ name }) => name).filter(name => name === 'Date' || name === 'TimeBucket')
    const own = readsOfGrouping(grouping, source).filter(name => name !== group.name && name !== WEIGHT)
    const dates = isDaily || membership.dates !== 'always' ? dated : []
    const parameters: Parameters = {
      membership,
      grouping,
      dailyWeight: isDaily ? weight : null,
      anchor: source.rule?.anchor ?? 'end',
    }
    const reads = [
      [...new Set([...own, membership.join.name, ...dates])],
      columnsOfMembership(membership),
      ...(offer.sources.length > 2 ? [isDaily ? [...new Set([membership.join.name, weight, ...dated])] : []] : []),
    ]
    return {
      keys: names,
      columns: [...keys.columns, ...columns.columns],
      reads,
      rule: keys.rule,
      scope: sharedDate || names.includes('Date') ? 'date' : 'all',
      cuts:
        sharedDate || names.includes('Date')
          ? [
              {
                columns: [['Date'], null, ...(isDaily ? [['Date']] : [null])].slice(0, reads.length),
                labels: sharedDate,
              },
            ]
          : [],
      state: columns.state,
      stateColumns: columns.stateColumns,
      parameters,
    }
  },

  labels: (labels, day, { grouping }: Parameters) => resampledOn(labels, day, grouping.resampling),

  async run([rows, members, again], parameters: Parameters, context) {
    const { grouping, dailyWeight, anchor } = parameters
    const { join, group } = parameters.membership
    const membership = await readMembership(members, parameters.membership)
    const weights = dailyWeight === null ? null : await new DailyWeights(join, anchor).read(again, dailyWeight)
    const regrouping = new Regrouping(grouping, context)
    for await (const source of rows) {
      const frame: Frame = { rows: source.rows, columns: new Map(source.columns) }
      if (weights) frame.columns.set(WEIGHT, weights.of(frame))
      const found = membership.expand(frameColumn(frame, join.name), daysOfRows(frame, anchor))
      if (found.unmapped > 0) context.leaveOut?.(`rows whose ${join.name} is in no ${group.name}`, found.unmapped)
      if (found.rows.length === 0) continue
      const expanded = takeRows(frame, found.rows)
      expanded.columns.set(group.name, found.groups)
      regrouping.add(expanded)
    }
    return regrouping.finish()
  },
})

function refuseTwoMemberships({ group_df_pass, group_df_context_key }: ReaggregateConfig, offer: LaterOffer): void {
  if (group_df_pass === null || group_df_context_key === DEFAULT_MEMBERSHIP) return
  if (group_df_pass === group_df_context_key) return
  const problem = `the membership is also named by group_df_context_key: '${group_df_context_key}'`
  offer.refuse('group_df_pass', problem, 'keep one of the two')
}

/** Adds the group to the columns of a source, as its rows will have it. */
function withGroup(
  source: Source,
  { group_column: name, group_by }: ReaggregateConfig,
  type: MembershipParameters['group']['type'],
  offer: LaterOffer,
): Source | undefined {
  if (source.columns.some(column => column.name === name)) {
    const problem = `${source.name} has a column '${name}' itself`
    offer.refuse('group_column', problem, 'give the column of the membership another name: columns of DATA.tables')
    return undefined
  }
  if (!group_by.includes(name)) {
    const others = group_by.filter(key => source.columns.some(column => column.name === key))
    const problem = `lacks '${name}', the group_column: members of several groups would count twice in a row`
    offer.refuse('group_by', problem, `write [${[name, ...others].join(', ')}]`)
    return undefined
  }
  const column = {
    name,
    type,
    unit: 'group',
    doc: `${name} of which the listing is a member on that date`,
    formula: 'membership, point in time',
    merge: 'key',
    nullRule: 'never null',
    hindsight: false,
    inputs: [name],
    from: 'group_by',
  }
  return { ...source, columns: [...source.columns, column] }
}

function columnsOfMembership({ join, group, dates, ends }: MembershipParameters): string[] {
  return [join.name, group.name, ...(dates === 'always' ? [] : [dates]), ...(ends ? ['ValidTo'] : [])]
}
