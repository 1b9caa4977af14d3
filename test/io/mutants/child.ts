import type { Reader } from './outcome.js'

/** A file to read. */
export interface Question {
  path: string
  wanted?: number[] // columns that matter, by position; all without
  detail?: boolean
}

/** What the reader made of it; `grown` is by how many bytes the process's peak of memory rose. */
export interface Answer {
  outcome?: Awaited<ReturnType<Reader>>
  thrown?: string // by the reader itself, which owes an outcome
  ms: number
  grown: number
}

const peak = () => process.resourceUsage().maxRSS * 1024

// Runs as a process of its own: `node child.js MODULE`, whose `read` is asked by messages, one after the other.
const { read } = (await import(process.argv[2])) as { read: Reader }
let turn = Promise.resolve()
process.on('message', ({ path, wanted, detail }: Question) => {
  turn = turn.then(async () => {
    const start = performance.now()
    const before = peak()
    const answer: Answer = { ms: 0, grown: 0 }
    try {
      answer.outcome = await read(path, wanted, detail)
    } catch (error) {
      answer.thrown = String((error as Error)?.stack ?? error)
    }
    answer.ms = performance.now() - start
    answer.grown = peak() - before
    // An endless loop in the next file must not hold back this answer.
    await new Promise(resolve => process.send!(answer, resolve))
  })
})
process.on('disconnect', () => process.exit(0))
process.send!('ready')
