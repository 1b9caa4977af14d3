import { kernel } from '../../lib/core/index.js'

/** Averages doubles: the sum, left to right, over the number of values. */
export const mean = kernel({
  name: 'mean',
  doc: 'arithmetic mean; nulls skipped; null when nothing matched',
  input: 'f64',
  fields: { total: { type: 'f64', identity: 0 }, n: { type: 'f64', identity: 0 } },
  result: 'f64',
  native: 'mean',
  update({ total, n }, { count, index, slots, f64 }) {
    for (let k = 0; k < count; k++) {
      const value = f64[index[k]]
      if (Number.isNaN(value)) continue
      total[slots[index[k]]] += value
      n[slots[index[k]]]++
    }
  },
  merge(into, slots, from, count) {
    for (let g = 0; g < count; g++) {
      into.total[slots[g]] += from.total[g]
      into.n[slots[g]] += from.n[g]
    }
  },
  read: ({ total, n }, group) => (n[group] ? total[group] / n[group] : null),
})

/**
 * Sample standard deviation (ddof 1). Within a row group by Welford's update, between them by Chan's pairwise formula:
 * both keep full precision where Σx² - (Σx)²/n cancels.
 * Sources: Welford, Technometrics 4 (1962); Chan, Golub, LeVeque, The American Statistician 37 (1983).
 */
export const std = kernel({
  name: 'std',
  doc: 'sample standard deviation (n - 1), numerically stable; nulls skipped; null below two values',
  input: 'f64',
  fields: { n: { type: 'f64', identity: 0 }, mean: { type: 'f64', identity: 0 }, m2: { type: 'f64', identity: 0 } },
  result: 'f64',
  native: 'std',
  update({ n, mean, m2 }, { count, index, slots, f64 }) {
    for (let k = 0; k < count; k++) {
      const value = f64[index[k]]
      if (Number.isNaN(value)) continue
      const slot = slots[index[k]]
      const delta = value - mean[slot]
      n[slot]++
      mean[slot] += delta / n[slot]
      m2[slot] += delta * delta * ((n[slot] - 1) / n[slot])
    }
  },
  merge(into, slots, from, count) {
    for (let g = 0; g < count; g++) {
      const added = from.n[g]
      if (added === 0) continue
      const slot = slots[g]
      const n = into.n[slot] + added
      if (into.n[slot] === 0) {
        into.mean[slot] = from.mean[g]
        into.m2[slot] = from.m2[g]
      } else {
        const delta = from.mean[g] - into.mean[slot]
        into.m2[slot] += from.m2[g] + delta * delta * ((into.n[slot] * added) / n)
        into.mean[slot] += (delta * added) / n
      }
      into.n[slot] = n
    }
  },
  read: ({ n, m2 }, group) => (n[group] < 2 ? null : Math.sqrt(m2[group] / (n[group] - 1))),
})

/** Sum of squared deviations from the mean: with count and mean, the state that standard deviations merge by. */
export const m2 = kernel({
  ...std,
  name: 'm2',
  doc: 'sum of squared deviations from the mean; nulls skipped; 0 when nothing matched',
  stands: 'm2',
  read: (state, group) => state.m2[group],
})
