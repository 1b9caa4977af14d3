import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { assembled, copyOf, laidOut } from './mutants/anatomy.js'
import { read as basalt } from './mutants/basalt-reader.js'
import { campaign, reportOf } from './mutants/campaign.js'
import { read as duckdb } from './mutants/duckdb-reader.js'
import { mutantOf } from './mutants/mutate.js'
import { wasRead } from './mutants/outcome.js'
import { OWN_SEEDS, seedsIn } from './mutants/seeds.js'

t.setTimeout(900_000)

const COUNT = 6000 // 8 ms of processor time each on a busy machine, over three processes; `npm run mutants` tries more
const LIMIT_MS = 2000

const seeds = await seedsIn(t.testdir())
const own = seeds.slice(0, OWN_SEEDS)
const moduleOf = (name: string) => new URL(`./mutants/${name}`, import.meta.url).href
const options = { seed: 1, from: 0, basalt: moduleOf('basalt-reader.js'), duckdb: moduleOf('duckdb-reader.js') }

t.test('both read the healthy files alike, as they are and put together again', async t => {
  const path = join(t.testdir(), 'healthy.parquet')
  for (const { name, bytes, parts } of own) {
    const copy = copyOf(parts!)
    const blocks = laidOut(copy)
    for (const file of [bytes, assembled(blocks, copy.footer)]) {
      writeFileSync(path, file)
      const [ours, theirs] = [await basalt(path), await duckdb(path)]
      const hashes = [ours, theirs].map(({ columns }) =>
        columns.map(each => (wasRead(each) ? each.hash : each?.refused)),
      )
      const zoned = name.startsWith('basalt') // its stamps have a zone and ns, which DuckDB cuts
      const same = hashes[0].every(
        (hash, i) => hash === hashes[1][i] || (zoned && (ours.columns[i] as { tag: string }).tag === 'stamp'),
      )
      if (!same || hashes[0].length !== hashes[1].length) t.fail(`${name}: ${hashes.join(' / ')}`)
    }
  }
  t.equal(own.length, 200)
})

t.test('a mutant depends on its file and number alone', async t => {
  for (let n = 0; n < 40; n++) {
    const seed = own[(n * 7) % own.length]
    t.ok(mutantOf(seed, seeds, n).equals(mutantOf(seed, own, n)), `${seed.name} ${n}`)
  }
  t.notOk(mutantOf(own[0], own, 1).equals(mutantOf(own[0], own, 2)))
})

t.test('no mutant crashes, hangs or is read as other values than by DuckDB', async t => {
  const tally = await campaign({ ...options, seeds, count: COUNT, limitMs: LIMIT_MS })
  for (const line of reportOf(tally)) t.comment(line)
  t.equal(tally.total, COUNT)
  t.strictSame(tally.failures, [])
  t.strictSame(tally.greedy, [])
  t.ok(tally.footer >= 0.3 * COUNT, `${tally.footer} passed the footer`)
  t.ok(tally.decoded >= 0.1 * COUNT, `${tally.decoded} reached page decode`)
  t.ok(tally.agreed > 0.5 * COUNT, `${tally.agreed} columns agreed`)
})
