import { type Cells, type Parameters, type Series, seriesKernel } from '../../lib/core/index.js'
import { medianLifetime } from './lifetime.js'
import { livesOf, type OrderLives } from './order-lives.js'

/** What is added up over the orders that a bucket inserts, by name. Times are ns. */
const MEASURES: Record<string, (life: number, lives: OrderLives, limit: number) => number> = {
  inserts: () => 1,
  inserted: (life, { size }) => known(size[life]),
  executed: (life, { executed }) => executed[life],
  resting: (life, lives) => resting(life, lives),
  fleeting: (life, lives, limit) => (resting(life, lives) < limit ? known(lives.size[life]) : 0),
  cancelled: (life, { start, cancelled }, limit) => Number(cancelled[life] - start[life] <= limit),
  filled: (life, { start, execution }, limit) => Number(execution[life] - start[life] <= limit),
  censored: (life, { end }) => Number(Number.isNaN(end[life])),
}

const known = (value: number): number => (Number.isNaN(value) ? 0 : value)

/** Time from the insert to the first execution or removal, or to the listing's last message. */
const resting = (life: number, { start, touched, last }: OrderLives): number =>
  (Number.isNaN(touched[life]) ? last : touched[life]) - start[life]

const INPUTS = {
  inputs: ['insert', 'removal', 'size', 'executed', 'order'],
  identities: ['order'],
  everyRow: true,
}

/**
 * Follows the orders that are inserted in a bucket through the listing's day and adds up one measure of them:
 * `inserts` (their number), `inserted` and `executed` (their sizes), `resting` (ns to the first execution or removal, or
 * to the day's last message), `fleeting` (sizes of those that rest for less than `limit` ns), `cancelled` (those removed
 * unexecuted within `limit`), `filled` (those executed within `limit`), `censored` (those that have no end). Inserts
 * without an identity are left out.
 */
export const orders = seriesKernel({
  ...INPUTS,
  name: 'orders',
  doc: 'sum of a measure over the orders that a bucket inserts, followed through the day; 0 when there are none',
  evaluate(series: Series, cells: Cells, out: Float64Array, { measure, limit }: Parameters) {
    const lives = livesOf(series)
    const value = MEASURES[String(measure ?? 'resting')]
    const ns = Number(limit)
    for (let cell = 0, life = 0; cell < cells.count; cell++) {
      let sum = 0
      for (; life < lives.count && lives.row[life] < cells.from[cell]; ) life++
      for (; life < lives.count && lives.row[life] < cells.to[cell]; life++) {
        if (counts(series, lives.row[life])) sum += value(life, lives, ns)
      }
      out[cell] = sum
    }
  },
})

/** Estimates the median lifetime of the orders that a bucket inserts; those without an end are censored. */
export const orderLifetime = seriesKernel({
  ...INPUTS,
  name: 'order_lifetime',
  doc: 'Kaplan-Meier median of ns from insert to end over the orders that a bucket inserts; null without one',
  evaluate(series: Series, cells: Cells, out: Float64Array) {
    const lives = livesOf(series)
    const ended = new Float64Array(lives.count)
    const censored = new Float64Array(lives.count)
    for (let cell = 0, life = 0; cell < cells.count; cell++) {
      let [ends, opens] = [0, 0]
      for (; life < lives.count && lives.row[life] < cells.from[cell]; ) life++
      for (; life < lives.count && lives.row[life] < cells.to[cell]; life++) {
        if (!counts(series, lives.row[life])) continue
        const end = lives.end[life]
        if (Number.isNaN(end)) censored[opens++] = lives.last - lives.start[life]
        else ended[ends++] = end - lives.start[life]
      }
      out[cell] = medianLifetime(ended.subarray(0, ends).sort(), censored.subarray(0, opens).sort())
    }
  },
})

const counts = ({ counts }: Series, row: number): boolean => counts === undefined || counts[row] === 1
