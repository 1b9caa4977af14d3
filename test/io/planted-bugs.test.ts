import t from 'tap'
import { campaign } from './mutants/campaign.js'
import { OWN_SEEDS, seedsIn } from './mutants/seeds.js'

t.setTimeout(300_000)

const seeds = (await seedsIn(t.testdir())).slice(0, OWN_SEEDS)
const moduleOf = (name: string) => new URL(`./mutants/${name}`, import.meta.url).href

/** Tries mutants with a reader that has a bug in one file of eight. */
const tried = (bug: string, count: number, limitMs = 2000) =>
  campaign({
    seeds,
    seed: 1,
    from: 0,
    count,
    limitMs,
    basalt: moduleOf(`stub-reader.js?bug=${bug}`),
    duckdb: moduleOf('duckdb-reader.js'),
  })

const BUGS: Record<string, { finding: RegExp; count: number; limitMs?: number }> = {
  value: { finding: /row 0: 7,/, count: 24 },
  swallowed: { finding: /Basalt reads 0 rows/, count: 300 }, // seen where DuckDB reads what Basalt should refuse
  bare: { finding: /a fault of 'none'/, count: 24 },
  nameless: { finding: /does not name the file/, count: 24 },
  loop: { finding: /^hung: no answer for 700 ms/, count: 16, limitMs: 700 },
  crash: { finding: /^crashed: exit 7/, count: 16 },
}

for (const [bug, { finding, count, limitMs }] of Object.entries(BUGS)) {
  t.test(`a planted bug is caught: ${bug}`, async t => {
    const { failures, total } = await tried(bug, count, limitMs)
    t.equal(total, count)
    t.ok(failures.length > 0, `${failures.length} found`)
    for (const failure of failures) t.match(failure.finding, finding)
  })
}

t.test('a reader that takes too much memory is named', async t => {
  const { greedy, failures } = await tried('memory', 24)
  t.ok(greedy.length > 0)
  t.strictSame(failures, [])
})
