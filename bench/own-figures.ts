import { join } from 'node:path'
import type { Order } from './job.js'
import type { Line } from './measures.js'
import { type MessageData, messageData } from './message-data.js'
import { measured } from './process.js'
import { inTurns, type Rounds } from './race.js'

/** A question that the rivals have no words for: Basalt's own figures, in messages per second of a core. */
export interface OwnFigures {
  name: string
  title: string
  sets: { listings: number; quick: boolean }[]
  /** Million messages per second and core that have to be reached by the rebuild alone. */
  must(listings: number): number
  config(root: string): Record<string, unknown>
}

/**
 * Takes a job's figures: `replay`, the work alone on columns in memory, by one thread, and `warm`, one more run inside a
 * process, files decoded and rows counted.
 */
export async function ownFigures(job: OwnFigures, wanted: MessageData, rounds: Rounds): Promise<Line[]> {
  const data = messageData(wanted)
  const { root, messages } = data
  const order: Order = {
    root,
    threads: rounds.threads,
    repetitions: rounds.repetitions,
    out: null,
    query: '',
    keys: [],
    config: job.config(root),
  }
  const program = (name: string) => () => {
    return measured(process.execPath, [join(import.meta.dirname, name), JSON.stringify(order)])
  }
  const taken = async (measure: string, name: string, must: number | null): Promise<Line> => {
    const { basalt } = await inTurns({ basalt: program(name) }, rounds)
    const rate = messages / 1e6 / basalt.cpu
    return {
      measure,
      results: { basalt },
      outcome: `${rate.toFixed(2)} M/s core`,
      must: must === null ? '' : `≥ ${must}`,
      met: must === null ? null : rate >= must,
    }
  }
  return [
    await taken('replay', 'book-process.js', job.must(data.listings)),
    await taken('warm', 'basalt-process.js', null),
  ]
}
