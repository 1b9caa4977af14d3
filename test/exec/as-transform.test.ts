import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import chain from 'stream-chain'
import t from 'tap'
import { type Batches, ge, type Operator, operator, type RecordBatch, Registry } from '../../lib/core/index.js'
import { asTransform } from '../../lib/exec/as-transform.js'
import { aggregate } from '../../lib/fold/index.js'
import * as pack from '../../operators/index.js'
import { AGGREGATE, numbers, tape } from './batches.js'

const registry = new Registry().add({ ...pack, aggregate }, 'built-in')

const RULE = {
  mode: 'sparse_digitised' as const,
  width: 60e9,
  anchor: 'end' as const,
  closed: 'right' as const,
  origin: null,
  zone: 'UTC',
}

const FOLDS = [
  { kernel: 'sum', inputs: [{ op: 'col' as const, name: 'Size' }], where: { op: 'true' as const } },
  { kernel: 'last', inputs: [{ op: 'col' as const, name: 'Price' }], where: { op: 'true' as const } },
]

const filterStep = () => asTransform(pack.filter, { where: ge('Price', 150) }, registry)
const bucketStep = () =>
  asTransform(pack.bucket, { time: 'EventTime', date: 'Date', rule: RULE, as: 'TimeBucket' }, registry)
const aggregateStep = () => asTransform(aggregate, { ...AGGREGATE, rule: RULE, folds: FOLDS }, registry)
const column = (name: string, fold: number) => ({
  name,
  type: 'f64' as const,
  metric: null,
  parameters: {},
  folds: { value: fold },
  zero: false,
})
const deriveStep = () =>
  asTransform(
    pack.derive,
    { keep: ['Date', 'ListingId', 'TimeBucket'], columns: [column('Volume', 0), column('Close', 1)] },
    registry,
  )
const sortStep = () => asTransform(pack.sort, { by: ['TimeBucket', 'ListingId'] }, registry)

/** Collects what a stream gives. */
function collector(): { batches: RecordBatch[]; sink: Writable } {
  const batches: RecordBatch[] = []
  const sink = new Writable({
    objectMode: true,
    write(batch, _, done) {
      batches.push(batch)
      done()
    },
  })
  return { batches, sink }
}

async function through(...steps: ReturnType<typeof asTransform>[]): Promise<RecordBatch[]> {
  const { batches, sink } = collector()
  await pipeline([Readable.from(tape(3)), ...steps, sink])
  return batches
}

t.test('every operator is a stream', async t => {
  t.same(
    numbers(await through(filterStep()), 'Price'),
    Array.from({ length: 150 }, (_, i) => i + 150),
  )
  const labels = numbers(await through(bucketStep()), 'TimeBucket')
  t.equal(labels.length, 300)
  t.equal(new Set(labels).size, 5, 'five minutes')
  const groups = await through(bucketStep(), aggregateStep())
  t.equal(groups.length, 1)
  t.same(numbers(groups, 'f0'), new Array(10).fill(300), 'ten groups of thirty trades of ten')
  const byPrice = asTransform(pack.sort, { by: ['ListingId', 'Price'] }, registry)
  const sorted = numbers(await through(byPrice), 'Price')
  t.same([sorted.length, ...sorted.slice(149, 151)], [300, 298, 1])
  await t.rejects(through(sortStep()), { fault: 'config', message: /no column 'TimeBucket'/ })
})

const EXPECTED = { Volume: new Array(6).fill(300), Close: [178, 179, 238, 239, 298, 299] }

t.test('they compose in stream/promises.pipeline', async t => {
  const out = await through(filterStep(), bucketStep(), aggregateStep(), deriveStep(), sortStep())
  t.same(numbers(out, 'Close'), EXPECTED.Close)
  t.same(numbers(out, 'Volume'), [150, 150, 300, 300, 300, 300])
  t.same(
    out[0].schema.fields.map(({ name }) => name),
    ['Date', 'ListingId', 'TimeBucket', 'Volume', 'Close'],
  )
})

t.test('they compose with stream-chain', async t => {
  const { batches, sink } = collector()
  const rows = (batch: RecordBatch) => batch // a plain function between streams
  const line = chain([filterStep(), rows, bucketStep(), aggregateStep(), deriveStep(), sortStep()])
  await pipeline(Readable.from(tape(3)), line, sink)
  t.same(numbers(batches, 'Close'), EXPECTED.Close)
})

t.test('batches that leave may be kept', async t => {
  const reused = new Float64Array(1)
  const borrowing = operator<null>({
    name: 'borrowing',
    doc: 'yields the same memory again and again',
    async *run(input) {
      for await (const batch of input) {
        const price = batch.getChild('Price')?.data[0].values as Float64Array
        reused[0] = price[0]
        price.set(reused)
        yield batch
        price.fill(-1)
      }
    },
  })
  const { batches, sink } = collector()
  await pipeline(Readable.from(tape(3)), asTransform(borrowing, null, registry), sink)
  t.notOk(numbers(batches, 'Price').includes(-1))
})

const SLOW_STEPS = 3

t.test('a slow reader stops the writer', async t => {
  let written = 0
  async function* counted(): Batches {
    for await (const batch of tape(500)) {
      written++
      yield batch
    }
  }
  let read = 0
  let most = 0
  const slow = new Writable({
    objectMode: true,
    highWaterMark: 1,
    async write(_batch, _, done) {
      most = Math.max(most, written - read)
      if (read < 20) await sleep(5)
      read++
      done()
    },
  })
  const steps = Array.from({ length: SLOW_STEPS }, bucketStep)
  await pipeline([Readable.from(counted(), { highWaterMark: 1 }), ...steps, slow])
  t.equal(read, 500, 'nothing is lost')
  // One batch on each side of a step and one inside it, and those of the source and the reader.
  t.ok(most <= SLOW_STEPS * 4 + 4, `at most ${most} batches were under way`)
})

t.test('nobody reads: the writer stands still', async t => {
  let written = 0
  const step = bucketStep()
  const source = Readable.from(
    (async function* () {
      for await (const batch of tape(500)) {
        written++
        yield batch
      }
    })(),
    { highWaterMark: 1 },
  )
  source.pipe(step)
  await sleep(100)
  t.ok(written <= 6, `${written} batches were taken in`)
  source.destroy()
  step.destroy()
})

/** Passes batches on until `fail`, and tells when its generator has been closed. */
function watched(fail = Infinity): { step: Operator<null>; closed: () => boolean } {
  let closed = false
  const step = operator<null>({
    name: 'watched',
    doc: 'passes batches on',
    async *run(input) {
      let k = 0
      try {
        for await (const batch of input) {
          if (k++ === fail) throw new Error('the third batch is bad')
          yield batch
        }
      } finally {
        closed = true
      }
    },
  })
  return { step, closed: () => closed }
}

t.test('an error of an operator ends the pipeline', async t => {
  const before = watched()
  const bad = watched(2)
  const after = watched()
  const steps = [before, bad, after].map(({ step }) => asTransform(step, null, registry))
  const { batches, sink } = collector()
  await t.rejects(pipeline([Readable.from(tape(50)), ...steps, sink]), { message: 'the third batch is bad' })
  t.ok(batches.length <= 2)
  await sleep(10)
  for (const each of [before, bad, after]) t.ok(each.closed(), 'generators are closed')
  for (const step of steps) t.ok(step.destroyed)
})

t.test('an error of the source reaches the end', async t => {
  const each = watched()
  async function* source(): Batches {
    yield* tape(1)
    throw new Error('the disk is gone')
  }
  const { sink } = collector()
  await t.rejects(pipeline(Readable.from(source()), asTransform(each.step, null, registry), sink), {
    message: 'the disk is gone',
  })
  await sleep(10)
  t.ok(each.closed())
})

t.test('destroy closes the generator, whatever it waits for', async t => {
  const idle = watched()
  const waiting = asTransform(idle.step, null, registry)
  waiting.resume() // it waits for input that never comes
  await sleep(5)
  waiting.destroy()
  await sleep(10)
  t.ok(idle.closed(), 'while it waits for input')

  const full = watched()
  const stuck = asTransform(full.step, null, registry)
  const source = Readable.from(tape(50), { highWaterMark: 1 })
  source.pipe(stuck)
  stuck.read(0) // fills its buffer, then nobody reads
  await sleep(20)
  stuck.destroy()
  await sleep(10)
  t.ok(full.closed(), 'while nobody reads')
  source.destroy()
})

t.test('a reader that breaks off closes everything', async t => {
  const each = watched()
  let ended = false
  async function* source(): Batches {
    try {
      yield* tape(500)
    } finally {
      ended = true
    }
  }
  const step = asTransform(each.step, null, registry)
  const done = pipeline(Readable.from(source()), step).catch(error => error.code)
  for await (const batch of step) {
    t.equal(batch.numRows, 100)
    break
  }
  t.match(await done, /^(ABORT_ERR|ERR_STREAM_PREMATURE_CLOSE)$/)
  await sleep(10)
  t.ok(each.closed())
  t.ok(ended)
})

t.test('an operator that needs no more input lets the pipeline end', async t => {
  const first = operator<null>({
    name: 'first',
    doc: 'passes the first batch on',
    async *run(input) {
      for await (const batch of input) {
        yield batch
        return
      }
    },
  })
  const { batches, sink } = collector()
  await pipeline(Readable.from(tape(20)), asTransform(first, null, registry), sink)
  t.equal(batches.length, 1)
})

t.test('a kernel that makes rows is no fold of a group', async t => {
  const step = asTransform(aggregate, { ...AGGREGATE, rule: RULE, folds: [{ ...FOLDS[0], kernel: 'bars' }] }, registry)
  await t.rejects(through(bucketStep(), step), { message: /kernel 'bars' makes rows, not a value a group/ })
})
