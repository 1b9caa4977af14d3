import { type Kernel, kernel } from '../../lib/core/index.js'

type Beats = (a: number | bigint, b: number | bigint) => boolean

const less: Beats = (a, b) => a < b
const more: Beats = (a, b) => a > b

/** Makes min or max of doubles. An empty group holds NaN, which every value beats. */
function extreme(name: string, beats: Beats): Kernel {
  return kernel({
    name,
    doc: `${name === 'min' ? 'least' : 'greatest'} value; nulls skipped; null when nothing matched`,
    input: 'f64',
    variants: { i64: `${name}_i64` },
    fields: { value: { type: 'f64', identity: Number.NaN } },
    result: 'f64',
    continues: true,
    stands: 'value',
    native: name,
    update({ value }, { count, index, slots, f64 }) {
      for (let k = 0; k < count; k++) {
        const x = f64[index[k]]
        const slot = slots[index[k]]
        if (beats(x, value[slot]) || (Number.isNaN(value[slot]) && !Number.isNaN(x))) value[slot] = x
      }
    },
    merge(into, slots, from, count) {
      for (let g = 0; g < count; g++) {
        const x = from.value[g]
        const slot = slots[g]
        if (beats(x, into.value[slot]) || (Number.isNaN(into.value[slot]) && !Number.isNaN(x))) into.value[slot] = x
      }
    },
    read: ({ value }, group) => (Number.isNaN(value[group]) ? null : value[group]),
  })
}

/** Makes min or max of 64-bit integers; `seen` tells an empty group from the value 0. */
function extremeI64(name: string, beats: Beats): Kernel {
  return kernel({
    name: `${name}_i64`,
    doc: `${name} of 64-bit integers, exact; nulls skipped; null when nothing matched`,
    input: 'i64',
    fields: { value: { type: 'i64', identity: 0n }, seen: { type: 'f64', identity: 0 } },
    result: 'i64',
    continues: true,
    native: `${name}_i64`,
    update({ value, seen }, { count, index, slots, i64, valid }) {
      for (let k = 0; k < count; k++) {
        const row = index[k]
        if (valid && !valid[row]) continue
        const slot = slots[row]
        if (!seen[slot] || beats(i64[row], value[slot])) {
          value[slot] = i64[row]
          seen[slot] = 1
        }
      }
    },
    merge(into, slots, from, count) {
      for (let g = 0; g < count; g++) {
        const slot = slots[g]
        if (from.seen[g] && (!into.seen[slot] || beats(from.value[g], into.value[slot]))) {
          into.value[slot] = from.value[g]
          into.seen[slot] = 1
        }
      }
    },
    read: ({ value, seen }, group) => (seen[group] ? value[group] : null),
  })
}

export const min = extreme('min', less)
export const max = extreme('max', more)
export const minI64 = extremeI64('min', less)
export const maxI64 = extremeI64('max', more)
