import type { LaterOffer, Source } from '../../lib/core/index.js'
import { columnNamed } from '../statistics/source-columns.js'
import type { MembershipParameters } from './membership.js'
import type { ReaggregateConfig } from './settings.js'

/** Plans how a membership is joined; undefined after problems were reported. */
export function planMembership(
  { join_column, group_column }: ReaggregateConfig,
  source: Source,
  membership: Source,
  offer: LaterOffer,
): MembershipParameters | undefined {
  const own = columnNamed(join_column, source, 'join_column', offer)
  const join = columnNamed(join_column, membership, 'join_column', offer)
  const group = columnNamed(group_column, membership, 'group_column', offer)
  if (!own || !join || !group) return undefined
  if (own.type !== join.type) {
    const problem = `${join_column} is ${own.type} in ${source.name} and ${join.type} in ${membership.name}`
    offer.refuse('join_column', problem, 'the two must have one type; rewrite or map one of them')
    return undefined
  }
  if (join_column === group_column) {
    offer.refuse('group_column', `'${group_column}' is the join_column as well`, 'name the column of groups')
    return undefined
  }
  const dates = datesOf(membership, offer)
  if (dates === undefined) return undefined
  if (dates !== 'always' && !source.columns.some(({ name }) => name === 'Date' || name === 'TimeBucket')) {
    const problem = `${membership.name} holds by ${dates}, and rows of ${source.name} have neither Date nor TimeBucket`
    offer.refuse('source_pass', problem, 'keep Date or TimeBucket in its group_by')
    return undefined
  }
  const ends = dates === 'ValidFrom' && membership.columns.some(({ name }) => name === 'ValidTo')
  return { join: { name: join_column, type: join.type }, group: { name: group_column, type: group.type }, dates, ends }
}

/** Tells what rows of a membership hold for, as with the reference table (semantics 1.5). */
function datesOf({ columns, name }: Source, offer: LaterOffer): MembershipParameters['dates'] | undefined {
  const found = (['ValidFrom', 'Date'] as const).flatMap(each => columns.find(column => column.name === each) ?? [])
  if (found.length === 0) return 'always'
  const ends = columns.find(column => column.name === 'ValidTo')
  for (const column of [found[0], ...(found[0].name === 'ValidFrom' && ends ? [ends] : [])]) {
    if (column.type === 'date' || column.type === 'ts') continue
    const problem = `${column.name} of ${name} is ${column.type}; dates are needed`
    offer.refuse('group_df_context_key', problem, 'store it as a date')
    return undefined
  }
  return found[0].name as 'ValidFrom' | 'Date'
}
