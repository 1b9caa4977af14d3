/** One output column, in SQL over the rows of a bucket. */
export interface Check {
  name: string
  sql: string
  /** exact: the same value; sum: within 1e-12 of the scale; moment: within 1e-9. */
  kind: 'exact' | 'sum' | 'moment'
  /** Sum of the absolute terms, or what a moment's rounding is a part of. */
  scale?: string
  /** Null on one side stands for a value below 1e-9 of the scale on the other: the root of rounding noise. */
  noise?: boolean
  /** A query of day, l, label and value (and scale): the column comes from it instead of from `sql`. */
  series?: string
}

/** Sum that is 0 where there is nothing to add. */
export const total = (name: string, x: string, where: string): Check => ({
  name,
  sql: `coalesce(fsum(${x}) FILTER (${where}), 0)`,
  kind: 'sum',
  scale: `fsum(abs(${x})) FILTER (${where})`,
})

export const count = (name: string, where: string): Check => ({
  name,
  sql: `count(*) FILTER (${where})`,
  kind: 'exact',
})

export const mean = (name: string, x: string, where: string): Check => ({
  name,
  sql: `favg(${x}) FILTER (${where})`,
  kind: 'sum',
  scale: `favg(abs(${x})) FILTER (${where})`,
})

/** Ratio of two sums, null where the lower one is 0 or there is none. */
export function ratio(name: string, [over, whereOver]: [string, string], [under, whereUnder]: [string, string]): Check {
  const [a, b] = [
    `coalesce(fsum(${over}) FILTER (${whereOver}), 0)`,
    `nullif(fsum(${under}) FILTER (${whereUnder}), 0)`,
  ]
  const terms = (x: string, where: string) => `coalesce(fsum(abs(${x})) FILTER (${where}), 0)`
  return {
    name,
    sql: `${a} / ${b}`,
    kind: 'sum',
    scale: `${terms(over, whereOver)} / abs(${b}) * greatest(1, ${terms(under, whereUnder)} / abs(${b}))`,
  }
}

/** Mean of the two middle values, exactly as the two are halved. */
export function median(name: string, x: string, where: string): Check {
  const sorted = `list_sort(list(${x}) FILTER (${where}))`
  const n = `len(${sorted})`
  return { name, sql: `(${sorted}[(${n} + 1) // 2] + ${sorted}[${n} // 2 + 1]) / 2`, kind: 'exact' }
}

export const exact = (name: string, sql: string): Check => ({ name, sql, kind: 'exact' })
export const first = (name: string, x: string, where: string) => exact(name, `arg_min(${x}, place) FILTER (${where})`)
export const last = (name: string, x: string, where: string) => exact(name, `arg_max(${x}, place) FILTER (${where})`)
export const least = (name: string, x: string, where: string) => exact(name, `min(${x}) FILTER (${where})`)
export const most = (name: string, x: string, where: string) => exact(name, `max(${x}) FILTER (${where})`)
