import { MS_PER_DAY, pick } from '../core/index.js'
import type { CellTable } from '../wasm/index.js'
import type { Made } from './made.js'

/** Returns the entity of listed cells. */
export function ownersOf({ owners }: CellTable, cells: Int32Array): Made {
  const values = new Int32Array(cells.length)
  pick(owners, cells, cells.length, values)
  return ['entity', { type: 'i32', values, valid: null }]
}

/** Returns the label of listed cells in ns after midnight. */
export function labelsOf({ labels }: CellTable, cells: Int32Array): Made {
  const values = new Float64Array(cells.length)
  pick(labels, cells, cells.length, values)
  return ['label', { type: 'f64', values, valid: null }]
}

/** Returns all cells' labels as instants; `days` are those of entities, null where they have none. */
export function instantsOf({ owners, labels }: CellTable, days: Int32Array | null): Made {
  const values = new BigInt64Array(owners.length)
  let day = Number.NaN
  let midnight = 0n
  for (let cell = 0; cell < values.length; cell++) {
    const own = days ? days[owners[cell]] : 0
    if (own !== day) {
      day = own
      midnight = BigInt(day * MS_PER_DAY) * 1_000_000n
    }
    values[cell] = midnight + BigInt(labels[cell])
  }
  return ['label', { type: 'ts', values, valid: null }]
}

/** Returns one cell's label as an instant. */
export function instantOf({ owners, labels }: CellTable, days: Int32Array | null, cell: number): bigint {
  return BigInt((days ? days[owners[cell]] : 0) * MS_PER_DAY) * 1_000_000n + BigInt(labels[cell])
}
