import { seriesKernel } from '../../lib/core/index.js'

/**
 * Counts the executions of icebergs. An iceberg is a chain of orders: an insert carries on the latest iceberg execution
 * of its side that is no more than `tolerance_ns` old and, with `price_match`, took place at the price of the insert.
 * Without `link` each order is an iceberg of its own. A bucket averages, over the icebergs executed in it, how often each
 * was executed until the bucket's end, and one more: the peak that is still hidden.
 */
export const icebergPeaks = seriesKernel({
  name: 'iceberg_peaks',
  doc: 'mean over icebergs executed in the bucket of 1 + their executions of the day so far; null when there are none',
  inputs: ['iceberg', 'insert', 'side', 'price', 'old_price', 'order'],
  identities: ['order'],
  everyRow: true,
  evaluate({ length, time, counts, columns }, cells, out, { link, tolerance_ns, price_match }) {
    const [iceberg, insert, side, price, oldPrice, order] = columns
    const chains = new Chains(length)
    const nodes = new Map<number, number>() // by identity
    const nodeOf = (identity: number) => {
      const known = nodes.get(identity)
      const node = known ?? chains.add()
      if (known === undefined && !Number.isNaN(identity)) nodes.set(identity, node)
      return node
    }
    const latest: Map<number, { time: number; node: number }>[] = [new Map(), new Map()] // by side, then price
    const keyOf = (price: number) => (price_match === false ? 0 : price)
    const seen: number[] = []
    for (let cell = 0; cell < cells.count; cell++) {
      seen.length = 0
      for (let row = cells.from[cell]; row < cells.to[cell]; row++) {
        const executions = side[row] === 1 || side[row] === 2 ? latest[side[row] - 1] : undefined
        if (iceberg[row] === 1) {
          const node = nodeOf(order[row])
          chains.execute(node)
          executions?.set(keyOf(oldPrice[row]), { time: time[row], node })
          if (counts === undefined || counts[row] === 1) seen.push(node)
        } else if (insert[row] === 1 && link !== false && !Number.isNaN(order[row])) {
          const key = keyOf(price[row])
          const before = Number.isNaN(key) ? undefined : executions?.get(key)
          if (before && time[row] - before.time <= Number(tolerance_ns ?? 0))
            chains.join(before.node, nodeOf(order[row]))
        }
      }
      out[cell] = chains.meanPeaks(seen)
    }
  },
})

/** Disjoint sets of orders, each with the number of its executions. */
class Chains {
  private readonly parents: Int32Array
  private readonly executions: Int32Array
  private size = 0

  constructor(most: number) {
    this.parents = new Int32Array(most)
    this.executions = new Int32Array(most)
  }

  /** Adds an order in a chain of its own. */
  add(): number {
    this.parents[this.size] = this.size
    return this.size++
  }

  execute(node: number): void {
    this.executions[this.root(node)]++
  }

  join(a: number, b: number): void {
    const [into, from] = [this.root(a), this.root(b)]
    if (into === from) return
    this.parents[from] = into
    this.executions[into] += this.executions[from]
  }

  /** Averages one more than their executions over the chains of some orders; NaN without any. */
  meanPeaks(nodes: readonly number[]): number {
    const roots = new Set(nodes.map(node => this.root(node)))
    let sum = 0
    for (const root of roots) sum += this.executions[root] + 1
    return sum / roots.size
  }

  private root(node: number): number {
    let root = node
    while (this.parents[root] !== root) root = this.parents[root] = this.parents[this.parents[root]]
    return root
  }
}
