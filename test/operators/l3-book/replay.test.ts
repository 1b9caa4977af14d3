import t from 'tap'
import type { Column } from '../../../lib/core/index.js'
import { messagesOf } from '../../../operators/l3-book/messages.js'
import { Replay } from '../../../operators/l3-book/replay.js'
import { Random } from '../../../operators/simulation/random.js'
import { damaged, type Message, randomFlow } from '../../differential/plain-book.js'

const SEED = Number(process.env.BASALT_SEED ?? 1)

const VALUES: Record<string, (message: Message) => number> = {
  LobAction: ({ action }) => action,
  Side: ({ side }) => side,
  Price: ({ price }) => price,
  Size: ({ size }) => size,
  OldPrice: ({ oldPrice }) => oldPrice,
  OldSize: ({ oldSize }) => oldSize,
  ExecutionSize: ({ action, taken }) => (action === 1 ? taken : Number.NaN),
}

function columnsOf(flow: readonly Message[]): Record<string, Column> {
  const ids = (idOf: (message: Message) => number): Column => {
    return { type: 'i64', values: BigInt64Array.from(flow, message => BigInt(idOf(message))), valid: null }
  }
  const columns = Object.entries(VALUES).map(([name, value]): [string, Column] => {
    return [name, { type: 'f64', values: Float64Array.from(flow, value), valid: null }]
  })
  return { ...Object.fromEntries(columns), OrderId: ids(({ newId }) => newId), OldOrderId: ids(({ id }) => id) }
}

/** Returns the book after each message and what was said of it, as text. */
function states(flow: readonly Message[], step: (replay: Replay, row: number) => void): string[] {
  const columns = columnsOf(flow)
  let said: string[] = []
  const replay = new Replay(
    messagesOf(name => columns[name] ?? null, flow.length),
    { changes: false, impossible: (_, kind) => said.push(kind), count: name => said.push(name) },
  )
  const { book } = replay
  return flow.map((_, row) => {
    step(replay, row)
    const text = [0, 1].map(side => {
      const levels: string[] = []
      for (let rank = book.best[side]; rank >= 0; rank = book.below(side, rank)) {
        const level = 2 * rank + side
        levels.push(`${book.prices[level]} ${book.sizes[level]} ${book.orders[level]}`)
      }
      return levels.join()
    })
    const state = [...text, ...said].join(' | ')
    said = []
    return state
  })
}

t.test('messages make the same book whether they are taken one by one with all checks or as usual ones', async t => {
  const random = new Random(SEED, 4)
  for (const flow of [randomFlow(random, 3000), damaged(random, randomFlow(random, 3000))]) {
    const checked = states(flow, (replay, row) => replay.apply(row))
    let usual = 0
    const found = states(flow, (replay, row) => {
      const { apply } = replay
      replay.apply = one => {
        usual--
        apply.call(replay, one)
      }
      usual++
      replay.applyFrom(row, row + 1, true)
      replay.apply = apply
    })
    const wrong = found.findIndex((state, row) => state !== checked[row])
    t.same([wrong, found[wrong]], [-1, undefined], `BASALT_SEED=${SEED}: ${checked[wrong]}`)
    t.ok(usual > 0.8 * flow.length, `${usual} usual ones of ${flow.length}`)
  }
})
