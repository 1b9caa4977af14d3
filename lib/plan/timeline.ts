import type { AnalyticsConfig, PassConfig } from '../../configs/index.js'
import {
  dayOf,
  type FillRule,
  type GridPlan,
  nearest,
  type PassPlan,
  type Problem,
  type WallInterval,
  widthFromSeconds,
} from '../core/index.js'
import { denseSettings, sessionEndOf, wallIntervalOf } from './rule.js'

export interface PlannedTimeline {
  plan: PassPlan
  problems: Problem[]
  /** Fills of columns that the pass does not have. */
  unknown: Problem[]
  notes: string[]
}

/** Plans what is done to the bars of a pass: the grid that is laid between them, and how nulls are filled. */
export function withTimeline(plan: PassPlan, config: AnalyticsConfig, index: number, zone: string): PlannedTimeline {
  const pass = config.PASSES[index]
  const path = `PASSES[${index}]`
  const problems: Problem[] = []
  const grid = gridOf(pass, config, zone)
  const { rules: fill, unknown } = fillRules(plan, pass, config.DEFAULT_FFILL, path, problems)
  if (pass.fill_across_sessions && !grid) {
    const problem = 'has no effect; timeline_mode is not dense, so there are no sessions'
    problems.push({ severity: 'warning', path: `${path}.fill_across_sessions`, problem, atKey: true })
  }
  const carry = plan.timeline?.carry
  if (!grid && fill.length === 0 && !carry) return { plan, problems, unknown, notes: [] }
  const timeline = { grid, fill, acrossSessions: pass.fill_across_sessions, ...(carry && { carry }) }
  const aggregate = grid ? withPresence(plan.aggregate) : plan.aggregate
  return { plan: { ...plan, aggregate, timeline }, problems, unknown, notes: grid ? gridNotes(plan, grid) : [] }
}

function gridNotes({ name }: PassPlan, { mode, sessionEnd }: GridPlan): string[] {
  if (mode === 'uniform' || sessionEnd) return []
  return [
    `${name}: a listing's last market state of a day holds until the end of the date, for DATA.session_end is not set`,
  ]
}

/** Lets every row leave its mark on its listing: which listings have rows cannot be told otherwise. */
function withPresence(aggregate: PassPlan['aggregate']): PassPlan['aggregate'] {
  const { type } = aggregate.entity[aggregate.entity.length - 1]
  const presence = {
    name: 'ListingId',
    type: type === 'i64' ? ('i64' as const) : ('str' as const),
    once: 'a listing has two listings', // not shown beside the key that it is
  }
  return { ...aggregate, attributes: [...aggregate.attributes, presence] }
}

function gridOf(pass: PassConfig, config: AnalyticsConfig, zone: string): GridPlan | null {
  const dense = denseSettings(pass)
  if (!dense) return null
  const { mode, grid_states: states, pad_seconds, time_interval, outside_grid: outside, calendar } = dense
  const days = Object.entries(calendar).map(([date, interval]): [number, WallInterval | null] => [
    dayOf(date) as number,
    interval === 'closed' ? null : wallIntervalOf(interval),
  ])
  return {
    mode,
    states,
    pad: pad_seconds === 0 ? 0 : widthFromSeconds(pad_seconds),
    interval: mode === 'uniform' && time_interval ? wallIntervalOf(time_interval) : null,
    calendar: Object.fromEntries(days),
    zone: pass.time_zone,
    sessionEnd: sessionEndOf(config, zone),
    outside,
  }
}

/** Lists what is filled, in the order of the columns: what the pass says of a column wins over DEFAULT_FFILL. */
function fillRules(
  { columns, derive, timeline }: PassPlan,
  { fill }: PassConfig,
  forward: boolean,
  path: string,
  problems: Problem[],
): { rules: FillRule[]; unknown: Problem[] } {
  const own = new Map(Object.entries(fill))
  const carried = (timeline?.carry?.rules ?? []).map(({ columns: [name], zero }) => ({
    name,
    zero,
    type: 'f64' as const,
  }))
  const all = [...derive, ...carried]
  const rules: FillRule[] = []
  for (const { name, from } of columns) {
    const made = all.find(each => each.name === name)
    const how = own.get(name) ?? (forward && made && !made.zero && !from.startsWith('by itself') ? 'forward' : 'none')
    own.delete(name)
    if (how === 'none') continue
    const refused = refusal(made, how)
    if (refused) problems.push({ severity: 'error', path: `${path}.fill.${name}`, ...refused })
    else if (typeof how === 'object') rules.push({ column: name, how: 'forward', limit: how.forward })
    else rules.push({ column: name, how, limit: null })
  }
  return { rules, unknown: unknownFills([...own.keys()], all, path) }
}

/** Refuses fills of columns that a pass does not have. */
export function unknownFills(names: readonly string[], columns: readonly { name: string }[], path: string): Problem[] {
  return names.map(name => {
    const near = nearest(
      name,
      columns.map(each => each.name),
    )
    return {
      severity: 'error',
      path: `${path}.fill.${name}`,
      problem: `the pass has no column '${name}'`,
      ...(near && { hint: `did you mean '${near}'?` }),
      atKey: true,
    }
  })
}

function refusal(made: Pick<PassPlan['derive'][number], 'type' | 'zero'> | undefined, how: PassConfig['fill'][string]) {
  if (!made) return { problem: 'keys and attributes of a listing are never filled', hint: 'leave it out' }
  if (how === 'zero') return made.type === 'str' ? { problem: 'text has no zero', hint: 'write forward or none' } : null
  if (!made.zero) return null
  return { problem: 'is 0 where nothing matched, so there is nothing to carry forward', hint: 'leave it out' }
}
