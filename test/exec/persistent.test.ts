import t from 'tap'
import { BasaltError, type Column, type Partial } from '../../lib/core/index.js'
import { NO_THREAD, persistent, type Retry, THREAD_LOST, THREAD_SHARED } from '../../lib/exec/persistent.js'
import type { Stretch } from '../../lib/exec/stretch.js'

const POLICY = { retries: 2, baseSeconds: 0.001, maxSeconds: 0.001 }
const STRETCH = { file: { relative: 'a.parquet' }, parts: [{ part: 0, rowGroup: 7 }] } as Stretch
const partials = [1, 2, 3].map(rows => ({ rows }) as Partial)

/** Folds three row groups; the n-th time it fails behind so many of them, for such a reason. */
function failing(...failures: [after: number, code: string][]) {
  let calls = 0
  const retries: string[] = []
  const executor = persistent(
    {
      credits: 1,
      shred: async () => ({ rowGroups: [], listings: [] }),
      close: async () => {},
      async fold(_, onPartial) {
        const failure = failures[calls++]
        for (const [i, partial] of partials.entries()) {
          if (failure?.[0] === i) throw new BasaltError('io', 'failed', {}, { code: failure[1] })
          onPartial(partial)
        }
      },
    },
    POLICY,
    undefined,
    ({ error }) => retries.push(error.problem),
  )
  const seen: number[] = []
  const end = executor.fold(STRETCH, ({ rows }) => seen.push(rows)).catch(error => error)
  return end.then(error => ({ error, seen, calls, retries: retries.length }))
}

t.test('what was handed out is not handed out again', async t => {
  t.match(await failing([0, 'EIO'], [2, 'EIO']), { error: undefined, seen: [1, 2, 3], calls: 3, retries: 2 })
  t.match(await failing([2, 'EIO'], [1, 'EIO']), { error: undefined, seen: [1, 2, 3], calls: 3 })
})

t.test('it is given up as the reason says', async t => {
  const io = await failing([1, 'EIO'], [1, 'EIO'], [1, 'EIO'], [1, 'EIO'])
  t.match(io, { error: { problem: 'failed (given up after 3 tries)' }, seen: [1], calls: 3 })
  const lost = await failing(...Array.from({ length: 9 }, (): [number, string] => [0, THREAD_LOST]))
  t.match(lost, { error: { problem: /after 3 tries/ }, calls: 3 })
  t.match(await failing([1, 'ENOENT']), { error: { problem: 'failed' }, calls: 1, retries: 0 })
})

t.test('a thread that ended for another stretch counts for nothing', async t => {
  const shared = Array.from({ length: 9 }, (_, i): [number, string] => [i % 3, THREAD_SHARED])
  t.match(await failing(...shared), { error: undefined, seen: [1, 2, 3], calls: 10, retries: 0 })
})

/** Encodes three rows; attempt after attempt fails with such codes, and the one behind them is not made. */
function encoding(...codes: string[]) {
  let calls = 0
  const retries: Retry[] = []
  const { encode } = persistent(
    {
      credits: 1,
      shred: async () => ({ rowGroups: [], listings: [] }),
      close: async () => {},
      fold: async () => {},
      async encode() {
        throw new BasaltError('internal', 'failed', {}, { code: codes[calls++] })
      },
    },
    POLICY,
    undefined,
    retry => retries.push(retry),
  )
  const data: Column[] = [{ type: 'f64', values: Float64Array.of(1, 2, 3), valid: null }]
  const place = { file: 'out.parquet', rowGroup: 4 }
  const end = encode?.([{ name: 'Price', type: 'f64', nullable: false }], data, 3, { codec: 'none' }, place)
  return Promise.resolve(end).then(
    group => ({ rows: group?.rows, calls, retries }),
    error => ({ error, calls, retries }),
  )
}

t.test('what no thread encodes this one does', async t => {
  const place = { file: 'out.parquet', rowGroup: 4 }
  t.match(await encoding(THREAD_LOST, THREAD_SHARED, THREAD_LOST, THREAD_SHARED, THREAD_LOST), {
    rows: 3,
    calls: 5,
    retries: [{ place }, { place }, { place, error: { problem: 'failed (given up after 3 tries)' } }],
  })
  t.match(await encoding(THREAD_SHARED, NO_THREAD), { rows: 3, calls: 2, retries: [{ place }] })
  t.match(await encoding('ERR_ELSE'), { error: { problem: 'failed' }, calls: 1, retries: [] })
})
