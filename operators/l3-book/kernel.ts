import {
  BasaltError,
  bucketLabels,
  type Column,
  type Day,
  instantsAt,
  type Parameters,
  rowNumbers,
  sequenceKernel,
  take,
} from '../../lib/core/index.js'
import { bookColumns } from './columns.js'
import { COUNTS, countOf, IMPOSSIBLE, type Impossible } from './impossible.js'
import { messagesOf, messageText } from './messages.js'
import { Replay } from './replay.js'
import { Snapshots } from './snapshots.js'

/** Inputs of the kernel that a source may lack. */
export const OPTIONAL = [
  'OrderId',
  'OldOrderId',
  'OriginalOrderId',
  'OldPrice',
  'OldSize',
  'ExecutionPrice',
  'ExecutionSize',
  'Shown',
  'MarketState',
] as const

/** Names optional inputs as a parameter; those that are not named are left out. */
export const namesAsParameter = (names: readonly string[]): string => names.join()

function inputsOf({ columns }: Parameters): string[] {
  const named = typeof columns === 'string' ? columns.split(',') : OPTIONAL
  return ['LobAction', 'Side', 'Price', 'Size', ...OPTIONAL.filter(name => named.includes(name))]
}

const MOST_BUCKETS = 2 ** 24 // of a listing's day

/**
 * Rebuilds the displayed book of a listing's day from its order messages and shows its first levels (semantics 5.8, from
 * L3), at every instant at which they changed or at the end of every bucket. Orders and levels are numbers of places in
 * arrays: no row makes an object.
 */
export const l3BookKernel = sequenceKernel({
  name: 'l3_book',
  doc: 'the book as order messages leave it: first levels of both sides, by event or by bucket',
  row: 'snapshot of the book',
  inputs: inputsOf,
  columns: bookColumns,
  counts: COUNTS,
  rows(day, parameters, count) {
    const inputs = inputsOf(parameters)
    const given = (name: string): Column | null => day.columns[inputs.indexOf(name)] ?? null
    const messages = messagesOf(given, day.length)
    const replay = new Replay(messages, {
      changes: parameters.sizes === 'change',
      impossible: (row, kind) => {
        if (parameters.onImpossible === 'count') count(countOf(kind), 1)
        else throw fault(day, inputs, row, kind)
      },
      count,
    })
    const depth = Number(parameters.depth)
    const snapshots = new Snapshots(depth, parameters.orders === true, day.length >> 2)
    const shown = given('Shown')?.values as Float64Array | undefined
    const state = parameters.states ? (given('MarketState') as Column) : null
    if (parameters.byBucket) {
      showBuckets(day, replay, snapshots, shown, bucketLabels(parameters, day.midnight), Number(parameters.width))
    } else showEvents(day, replay, snapshots, shown, stateCodes(state))
    const { rows, times } = snapshots
    return [
      { type: 'ts', values: instantsAt({ midnight: day.midnight, time: times }, rowNumbers(rows)), valid: null },
      ...(state ? [take(state, snapshots.messages, rows)] : []),
      ...snapshots.columns(),
    ]
  },
})

const NO_STATE = -1

/** Returns the market state of each message as a number, NO_STATE where it tells none; null where none does. */
function stateCodes(state: Column | null): Int32Array | null {
  if (state?.type !== 'str') return null
  const { values, valid } = state
  return valid ? values.map((code, row) => (valid[row] ? code : NO_STATE)) : values
}

/**
 * Shows the book after every instant at which its first levels or its market state changed, if that state is one to be
 * shown: whoever takes books of some states only has to know when one of them ends (semantics 5.8, 5.4).
 */
function showEvents(
  { length, time }: Day,
  replay: Replay,
  snapshots: Snapshots,
  shown: Float64Array | undefined,
  states: Int32Array | null,
): void {
  const { book } = replay
  let state = NO_STATE // of the last snapshot
  let end = states ? 0 : length // behind the next message of another state
  for (let next = 0; next < length; ) {
    if (states && next >= end) end = endOfState(states, state, next)
    next = replay.applyFrom(next, end, true)
    if (next < length && time[next] === time[next - 1]) continue
    const row = next - 1
    const own = states ? states[row] : NO_STATE
    // Before the first level there is no book, whatever its state.
    const isNewState = own !== state && own !== NO_STATE && snapshots.rows > 0
    if (book.changed === 0 && !isNewState) continue
    if (shown && shown[row] !== 1) continue // what changed meanwhile is shown later
    if (!snapshots.add(book, row, time[row], !isNewState) || own === state) continue
    state = own
    if (states) end = next
  }
}

/** Returns the row behind the first one, of those from `row` on, that tells another state. */
function endOfState(states: Int32Array, state: number, row: number): number {
  let other = row
  while (other < states.length && (states[other] === state || states[other] === NO_STATE)) other++
  return Math.min(other + 1, states.length)
}

/** Shows the book at the end of every bucket from the first message's to the last one's. */
function showBuckets(
  { length, time }: Day,
  replay: Replay,
  snapshots: Snapshots,
  shown: Float64Array | undefined,
  labelOf: (time: number) => number,
  width: number,
): void {
  if (length === 0) return
  const { book } = replay
  let label = labelOf(time[0])
  const buckets = (labelOf(time[length - 1]) - label) / width + 1
  if (buckets > MOST_BUCKETS) {
    const problem = `the day of a listing has ${buckets} buckets, more than ${MOST_BUCKETS}; raise time_bucket_seconds`
    throw new BasaltError('limit', problem)
  }
  for (let row = 0, end = 1; row < length; end++) {
    const next = end < length ? labelOf(time[end]) : label + width
    if (next === label) continue
    while (row < end) row = replay.applyFrom(row, end, false)
    for (; label < next; label += width) if (!shown || shown[end - 1] === 1) snapshots.add(book, end - 1, label, false)
  }
}

function fault(day: Day, inputs: readonly string[], row: number, kind: Impossible): BasaltError {
  const given = day.columns.map((column, i) => ({ name: inputs[i], column })).filter(({ name }) => name !== 'Shown')
  const [instant] = instantsAt(day, Int32Array.of(row))
  const text = messageText(given, row, instant)
  return new BasaltError('data', `${text}: ${IMPOSSIBLE[kind]}; on_impossible: count leaves out what cannot be`)
}
