import { type Check, count, mean, ratio } from './checks.js'
import type { Entry } from './entries.js'
import { nameOf, type Scope } from './scope.js'

const HORIZON_MS: Record<string, number> = { '100ms': 100, '1s': 1000, '1m': 60_000 }
const WEIGHTS = {
  equal: { suffix: '', weight: null },
  share: { suffix: 'ShareWeighted', weight: 'q' },
  notional: { suffix: 'NotionalWeighted', weight: '(p * q)' },
}

/** Effective spread, realised spread and price impact. `sessionEnd` is a UTC time of day after which no mid counts. */
export function impactChecks(scope: Scope, entry: Entry, sessionEnd: string | null): Check[] {
  const { reference_price_col: ref = 'PreTradeMid', weighting = 'equal', unit, mid_source, with_counts } = entry
  const { suffix, weight } = WEIGHTS[weighting]
  return entry.variant!.flatMap(variant =>
    entry.horizon!.flatMap(horizon => {
      const ms = horizon === null ? null : HORIZON_MS[horizon]
      const mid = `PostTradeMid${ms}ms${mid_source === 'primary' ? 'AtPrimary' : ''}`
      const distances: Record<string, string> = {
        EffectiveSpread: `p - ${ref}`,
        RealizedSpread: `p - ${mid}`,
        PriceImpact: `${mid} - ${ref}`,
      }
      const parts = [scope.price(entry), `${ref} IS NOT NULL`]
      if (unit === 'bps') parts.push(`${ref} <> 0`)
      if (ms !== null) parts.push(`${mid} IS NOT NULL`)
      if (ms !== null && sessionEnd) {
        parts.push(`t + ${ms}000000 <= epoch_ns(day::TIMESTAMP + INTERVAL '${sessionEnd}')`)
      }
      const known = parts.join(' AND ')
      const signed = `(2 * d * (${distances[variant]}))`
      const term = unit === 'bps' ? `(10000 * ${signed} / ${ref})` : signed
      const usual = `${variant}${horizon ?? ''}${suffix}${unit === 'bps' ? 'Bps' : ''}`
      const fields = { variant, horizon: horizon ?? '' }
      const name = nameOf(entry, usual, fields)
      const where = `${known} AND d <> 0`
      const value = weight ? ratio(name, [`${term} * ${weight}`, where], [weight, where]) : mean(name, term, where)
      const unknown = nameOf(entry, `${usual}UnknownSideCount`, fields, 'UnknownSideCount')
      return [value, ...(with_counts ? [count(unknown, `${known} AND d = 0`)] : [])]
    }),
  )
}
