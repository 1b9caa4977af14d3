import type { MadeData, TradeData } from './data.js'
import { BASE, tradeData } from './data.js'
import { firstRows } from './first-rows.js'
import type { Contestant, Faster, Job, Measure } from './job.js'
import { contestants, type Entry, entry, inTurns, type Result, type Rounds } from './race.js'
import { daysFrom } from './trades.sql.js'

/** A line of the table: who took what, what comes of it, what it must be. `met` is null where nothing is demanded. */
export interface Line {
  measure: string
  results: Record<string, Result>
  outcome: string
  must: string
  met: boolean | null
}

type Taken = (job: Job, data: MadeData, rounds: Rounds) => Promise<Line[]>

/** Takes a measure and returns its lines. */
export const take: Record<Measure, Taken> = {
  warm: async (job, data, rounds) => {
    const results = await everyone(job, data, 'warm', rounds)
    return [speed('warm', results, job.must.warm)]
  },

  cold: async (job, data, rounds) => {
    const results = await everyone(job, data, 'cold', rounds)
    const { basalt, duckdb } = results
    const { peak } = job.must
    const ceiling = peak && (data.rowGroupRows > BASE.rowGroupRows ? peak.large : peak.small)
    return [
      speed('cold', results, job.must.cold),
      atMost('file', results, (basalt.bytes ?? 0) / (duckdb.bytes ?? 0), job.must.size, ratio),
      atMost('peak', { basalt }, basalt.peak / 1e6, ceiling, megabytes),
    ]
  },

  // Small days, as a year of files has them: 16 of them together hold as many rows as the other data sets.
  growth: async (job, data, rounds) => {
    const many: TradeData = { ...data, ...BASE, encodings: undefined, rows: Math.ceil(data.rows / 16), days: 16 }
    const days = tradeData(many)
    const over = (count: number) => entry('basalt', job, days, 'cold', rounds, job.config(days.root, daysFrom(count)))
    const { one, all } = await inTurns({ one: over(1), all: over(16) }, rounds)
    return [atMost('16 days / 1', { basalt: all, one }, all.peak / one.peak, job.must.growth, ratio)]
  },

  first: async (job, data, rounds) => {
    const { basalt } = await inTurns({ basalt: firstRows(job, data, rounds.threads) }, rounds)
    return [atMost('first 1 %', { basalt }, basalt.seconds / basalt.wall, job.must.first, percent)]
  },

  cost: async (job, data, rounds) => {
    if (!job.cheaper) throw new Error(`${job.name} has nothing cheaper to compare with`)
    const cheap = entry('basalt', job, data, 'warm', rounds, job.cheaper(data.root, daysFrom(data.days)))
    const { basalt, cheaper } = await inTurns(
      { basalt: entry('basalt', job, data, 'warm', rounds), cheaper: cheap },
      rounds,
    )
    return [atMost('CPU / cheap', { basalt, cheaper }, basalt.cpu / cheaper.cpu, job.must.cost, ratio)]
  },
}

function everyone(job: Job, data: MadeData, ending: 'warm' | 'cold', rounds: Rounds) {
  const entries: [Contestant, Entry][] = contestants().map(name => [name, entry(name, job, data, ending, rounds)])
  return inTurns<Contestant>(Object.fromEntries(entries), rounds)
}

const ratio = (value: number) => `${value.toFixed(2)}x`
const megabytes = (value: number) => `${value.toFixed(0)} MB`
const percent = (value: number) => `${(value * 100).toFixed(0)} %`

/** The rivals' seconds over Basalt's. */
function speed(measure: string, results: Record<Contestant, Result>, must?: Faster): Line {
  const rivals = (['duckdb', 'polars'] as const).filter(name => results[name])
  const faster = rivals.map(name => results[name].seconds / results.basalt.seconds)
  return {
    measure,
    results,
    outcome: faster.map(ratio).join(' / '),
    must: must ? rivals.map(name => ratio(must[name])).join(' / ') : '',
    met: must ? rivals.every((name, i) => faster[i] >= must[name]) : null,
  }
}

function atMost(
  measure: string,
  results: Record<string, Result>,
  value: number,
  ceiling: number | undefined,
  text: (value: number) => string,
): Line {
  const must = ceiling === undefined ? '' : `≤ ${text(ceiling)}`
  return { measure, results, outcome: text(value), must, met: ceiling === undefined ? null : value <= ceiling }
}
