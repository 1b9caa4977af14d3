import type { ColumnSpec } from './core/index.js'
import { outputSpecs } from './exec/pass.js'
import { takenColumns } from './exec/taken.js'
import { isRaw, type Prepared, type PreparedLater, type PreparedPass } from './prepare.js'

export type Pass = PreparedPass | PreparedLater

/** Returns passes and all that they read, in the order of the config. */
export function withSources({ passes }: Prepared, chosen: readonly Pass[]): Pass[] {
  const needed = new Set(chosen.map(({ plan }) => plan.name))
  for (const pass of passes.toReversed())
    if (needed.has(pass.plan.name)) for (const name of sourcesOf(pass)) needed.add(name)
  return passes.filter(({ plan }) => needed.has(plan.name))
}

/** Lists what a pass reads beside its own table: earlier passes and tables. */
export const sourcesOf = ({ plan }: Pass): string[] =>
  plan.kind === 'raw'
    ? (plan.taken ?? []).map(({ source }) => source)
    : plan.steps.flatMap(step => step.sources.map(({ name }) => name))

/** Returns the columns of a pass that later ones read, which are all that is kept for them; null where none does. */
export function columnsRead(pass: Pass, ahead: readonly Pass[]): ColumnSpec[] | null {
  const { plan } = pass
  if (!ahead.some(later => sourcesOf(later).includes(plan.name))) return null
  const read = columnsAsked(plan.name, ahead)
  // Expectations compare listings with those of the source.
  if (ahead.some(({ checks }) => checks?.expectations?.source === plan.name)) read.add('ListingId')
  return outputSpecs(plan).filter(({ name }) => read.has(name))
}

/** Returns the columns that passes ask for of a source, a pass or a table. */
export function columnsAsked(source: string, passes: readonly Pass[]): Set<string> {
  return new Set(
    passes.flatMap(({ plan }) => {
      if (plan.kind === 'later')
        return plan.steps.flatMap(step => step.sources.flatMap(({ name, columns }) => (name === source ? columns : [])))
      return (plan.taken ?? []).filter(taken => taken.source === source).flatMap(takenColumns)
    }),
  )
}

/** Lists what a pass that is done has read or left and nobody behind it reads. */
export function noLongerRead(done: Pass, ahead: readonly Pass[]): string[] {
  return [...sourcesOf(done), done.plan.name].filter(name => !ahead.some(pass => sourcesOf(pass).includes(name)))
}

/** Returns the partition dates of what a pass reads, in the end. */
export function datesRead(prepared: Prepared, pass: Pass): number[] {
  return withSources(prepared, [pass])
    .filter(isRaw)
    .filter(source => source === pass || !isRaw(pass)) // quotes beside a table add no dates
    .flatMap(({ units }) => units.flatMap(({ day }) => day ?? []))
}
