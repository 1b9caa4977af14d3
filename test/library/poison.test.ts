import '../support/plain-threads.js'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { basalt, type RunReport } from '../../lib/basalt.js'
import type { RunEvent } from '../../lib/exec/events.js'
import { folderFor } from '../exec/folder.js'
import { outputsIn } from '../faults/job.js'
import { writeTable } from '../support/parquet.js'

t.setTimeout(300_000)

const folder = folderFor(t)
const DATES = ['2026-02-03', '2026-02-04', '2026-02-05']
const POISONED = '2026-02-04'

/** Trades of two row groups a date; one of a date has the size that the pack below looks for. */
for (const date of DATES) {
  const row = (i: number) => {
    const size = date === POISONED && i === 150 ? 424_242 : 100 + i
    return [
      String(1 + (i % 3)),
      `${date}T09:${String(10 + (i % 40)).padStart(2, '0')}:00.000000000Z`,
      '10.5',
      String(size),
    ]
  }
  const rows = Array.from({ length: 200 }, (_, i) => row(i))
  writeTable(join(folder, `trades/date=${date}/mic=XLON/part-0.parquet`), {
    columns: [
      { name: 'ListingId', type: 'i64' },
      { name: 'TradeTimestamp', type: 'ts' },
      { name: 'Price', type: 'f64' },
      { name: 'Size', type: 'i64' },
    ],
    groups: [rows.slice(0, 100), rows.slice(100)],
  })
}

/** A metric that does harm to its thread when it meets that size: of what kind and how often, the file `times` says. */
const library = new URL('../../lib/index.js', import.meta.url).href
const times = join(folder, 'times')
writeFileSync(
  join(folder, 'pack.mjs'),
  `
import { readFileSync, writeFileSync } from 'node:fs'
import { kernel, metric } from '${library}'
const harm = {
  throw() { throw new Error('no such thing') },
  exit() { process.exit(9) },
  loop() { for (;;); },
  heap() { const all = []; for (;;) all.push(new Array(1e6).fill({})) },
}
export const harmful = kernel({
  name: 'harmful', doc: 'does harm', input: 'f64', fields: { total: { type: 'f64', identity: 0 } }, result: 'f64',
  update({ total }, { count, index, slots, f64 }) {
    for (let k = 0; k < count; k++) {
      if (f64[index[k]] === 424242) {
        const [kind, left] = readFileSync('${times}', 'utf8').split(' ')
        writeFileSync('${times}', kind + ' ' + (left - 1))
        if (left > 0) harm[kind]()
      }
      total[slots[k]] += f64[index[k]]
    }
  },
  merge(into, at, from, count) { for (let k = 0; k < count; k++) into.total[at[k]] += from.total[k] },
  read: ({ total }, group) => total[group],
})
export const harmfulVolume = metric({
  module: 'trade', family: 'generic_metrics', pick: 'Harmful', name: 'Trade{Side}Harmful', unit: 'shares',
  doc: 'Σq', formula: 'Σq', merge: '–', empty: 'null',
  uses: () => ({ harmful: { kernel: 'harmful', inputs: [{ op: 'col', name: 'Size' }] } }),
})`,
)

/** Runs the dates with harm of a kind, so many times over. */
async function run(
  harm: string,
  count: number,
  execution: object = {},
): Promise<{ report: RunReport; events: RunEvent[] }> {
  writeFileSync(times, `${harm} ${count}`)
  const root = join(folder, 'out')
  rmSync(root, { recursive: true, force: true })
  const events: RunEvent[] = []
  const config = {
    PACKS: [join(folder, 'pack.mjs')],
    START_DATE: DATES[0],
    END_DATE: DATES[2],
    DATA: { root: folder, layout: 'hive' },
    OUTPUT_TARGET: { root, path_template: '{root}/{date}.csv', type: 'csv' },
    EXECUTION: { workers: 2, stall_seconds: 8, retry_base_seconds: 0.01, ...execution },
    PASSES: [
      { name: 'bars', modules: ['trade'], trade_analytics: { generic_metrics: [{ measures: ['Volume', 'Harmful'] }] } },
    ],
  }
  return { report: await basalt(config).run({ onEvent: event => events.push(event) }), events }
}

const failed = ({ passes }: RunReport) =>
  passes.flatMap(pass => pass.failed.map(({ unit, error }) => `${unit}: ${error.problem}`))

await run('throw', 0, { stall_seconds: 600 }) // a machine that is busy may be slow
const expected = outputsIn(join(folder, 'out'))
t.equal(expected.size, 3)
const others = new Map([...expected].filter(([name]) => !name.includes(POISONED)))

for (const [harm, reason] of [
  ['exit', 'a worker thread ended: it exited'],
  ['loop', 'a worker thread ended: it showed no sign of life for 8 s'],
]) {
  t.test(`${harm}: what takes a thread along once does no harm`, async t => {
    const { report, events } = await run(harm, 1)
    t.strictSame(failed(report), [])
    t.equal(report.passes[0].retries, 1)
    t.match(
      events.filter(({ kind }) => kind === 'retry'),
      [{ file: /2026-02-04/, error: { problem: new RegExp(reason) } }],
    )
    t.strictSame(outputsIn(join(folder, 'out')), expected)
  })
  t.test(`${harm}: what takes three along is given up and named, and the rest is done`, async t => {
    const { report } = await run(harm, 100)
    t.equal(failed(report).length, 1)
    t.match(failed(report), [new RegExp(`^bars@${POISONED}: ${reason}.* \\(given up after 3 tries\\)$`)])
    const left = Number(readFileSync(times, 'utf8').split(' ')[1])
    t.ok(left >= 96 && left <= 97, 'three threads were given; of a machine that is busy, one may have been slow')
    t.strictSame(outputsIn(join(folder, 'out')), others)
  })
}

t.test('heap: a thread that runs out of memory is replaced, and nothing else ends', async t => {
  const { report } = await run('heap', 100)
  t.match(failed(report), [/^bars@2026-02-04: a worker thread ended: .* \(given up after 3 tries\)$/])
  t.equal(failed(report).length, 1)
  t.strictSame(outputsIn(join(folder, 'out')), others)
})

t.test('a kernel that throws is not tried again', async t => {
  const { report } = await run('throw', 100)
  t.match(failed(report), [/no such thing$/])
  t.equal(readFileSync(times, 'utf8'), 'throw 99')
  t.strictSame(outputsIn(join(folder, 'out')), others)
})

t.test('fail_fast ends the run with the first unit that is given up', async t => {
  const { report } = await run('exit', 100, { fail_fast: true })
  t.equal(failed(report).length, 1)
  t.strictSame([...outputsIn(join(folder, 'out')).keys()], ['2026-02-03.csv'])
})
