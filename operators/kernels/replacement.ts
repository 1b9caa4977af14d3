import { seriesKernel } from '../../lib/core/index.js'

/**
 * Looks, for each execution of a bucket, for the next insert or execution on the same side of the listing's day. Where
 * that is an insert, the execution is replaced, after the time between the two.
 */
export const replacement = seriesKernel({
  name: 'replacement',
  doc: 'executions of a bucket that an insert on the same side follows: their number, or with measure latency Σ ns until then',
  inputs: ['side', 'insert', 'executed'],
  everyRow: true,
  evaluate({ time, counts, columns: [side, insert, executed] }, cells, out, { measure }) {
    const latency = measure !== 'replaced'
    const next = new Float64Array(3).fill(Number.NaN) // by side: time of the next insert; NaN where an execution comes first
    for (let cell = cells.count - 1; cell >= 0; cell--) {
      let sum = 0
      for (let row = cells.to[cell]; row-- > cells.from[cell]; ) {
        const executes = executed[row] > 0
        if (!executes && insert[row] !== 1) continue
        const own = side[row]
        if (own !== 1 && own !== 2) continue
        if (executes && (counts === undefined || counts[row] === 1)) {
          const delay = next[own] - time[row]
          if (!Number.isNaN(delay)) sum += latency ? delay : 1
        }
        next[own] = insert[row] === 1 ? time[row] : Number.NaN
      }
      out[cell] = sum
    }
  },
})
