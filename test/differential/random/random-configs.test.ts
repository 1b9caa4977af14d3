import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import t, { type Test } from 'tap'
import type { DuckRow } from '../../support/duck.js'
import { runConfig } from '../../support/run.js'
import { differences } from './compare.js'
import { configOf, type Drawn, drawConfig } from './configs.js'
import { Coverage } from './coverage.js'
import { type DataSet, writeDataSet } from './data.js'
import { MISREADINGS, PERTURBATIONS, plantedConfig, plantedSettings } from './planted.js'
import { dataSettings } from './settings.js'
import { queryOf } from './sql.js'

// Random configs over random Parquet files, against SQL that is written from what the configs mean.
const seed = Number(process.env.BASALT_SEED ?? 20_260_203)
const configs = Number(process.env.BASALT_CONFIGS ?? 200)
const only = process.env.BASALT_CONFIG === undefined ? undefined : Number(process.env.BASALT_CONFIG)
const DATA_SETS = 10

t.setTimeout(600_000)

async function opened(t: Test): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  t.teardown(() => {
    connection.closeSync()
    instance.closeSync()
  })
  return connection
}

t.test('random configs equal their SQL', { timeout: 600_000 }, async t => {
  t.comment(`BASALT_SEED=${seed} BASALT_CONFIGS=${configs}`)
  const db = await opened(t)
  const folder = t.testdir({})
  const coverage = new Coverage()
  const sets = new Map<number, DataSet>()
  const compared = { values: 0, columns: 0, filled: 0 }
  for (let index = only ?? 0; index < (only === undefined ? configs : only + 1); index++) {
    const which = index % DATA_SETS
    if (!sets.has(which)) sets.set(which, await writeDataSet(db, folder, dataSettings(seed, which)))
    const drawn = drawConfig(seed, index)
    const data = sets.get(which)!
    coverage.add(drawn, data)
    await check(t, drawn, data)
  }
  for (const line of coverage.lines()) t.comment(line)
  const { values, columns, filled } = compared
  t.comment(`${values} values in ${columns} columns, ${filled} of them filled, of ${sets.size} data sets`)
  if (only !== undefined || configs < 120) return
  t.ok(filled > 0.7 * columns, 'columns hold more than nulls and zeros')
  t.same(coverage.never(), [], 'every feature occurred')

  async function check(t: Test, drawn: Drawn, data: DataSet): Promise<void> {
    const query = queryOf(drawn, data)
    const config = configOf(drawn, data)
    let lines: string[]
    try {
      const { passes } = await runConfig(config, {}, drawn.order)
      const wanted = (await db.runAndReadAll(query.sql)).getRowObjects() as DuckRow[]
      lines = differences(passes[0], wanted, query.checks)
      compared.values += wanted.length * query.checks.length
      compared.columns += query.checks.length
      compared.filled += query.checks.filter((_, i) => wanted.some(row => Number(row[`v${i}`]) !== 0)).length
    } catch (error) {
      lines = [String(error instanceof Error ? error.stack : error)]
    }
    if (lines.length === 0) return
    const file = `dist/test/differential/random/random-configs.test.js`
    t.fail(`config ${drawn.index}: ${lines[0]}`, {
      differences: lines,
      reproduce: `BASALT_SEED=${seed} BASALT_CONFIG=${drawn.index} node ${file}`,
      order: drawn.order,
      config: JSON.stringify(config),
      data: JSON.stringify(data.settings),
      sql: query.sql,
    })
  }
})

t.test('planted bugs are found', { timeout: 600_000, skip: only !== undefined && 'one config is run' }, async t => {
  const db = await opened(t)
  const data = await writeDataSet(db, t.testdir({}), plantedSettings(seed, DATA_SETS))
  const drawn = plantedConfig()
  const query = queryOf(drawn, data)
  const wanted = (await db.runAndReadAll(query.sql)).getRowObjects() as DuckRow[]
  const {
    passes: [sound],
  } = await runConfig(configOf(drawn, data))
  t.same(differences(sound, wanted, query.checks), [], 'nothing is wrong without one')

  for (const [name, misread] of Object.entries(MISREADINGS)) {
    const config = structuredClone(configOf(drawn, data))
    misread(config)
    const { passes } = await runConfig(config)
    const [line] = differences(passes[0], wanted, query.checks)
    t.ok(line, `misread ${name}: ${line}`)
  }
  const {
    passes: [byTime],
  } = await runConfig(configOf(drawn, data), {}, 'time')
  t.ok(differences(byTime, wanted, query.checks)[0], 'the order of the stream')
  for (const [name, change] of Object.entries(PERTURBATIONS)) {
    const pass = structuredClone(sound)
    change(pass)
    const [line] = differences(pass, wanted, query.checks)
    t.ok(line, `${name}: ${line}`)
  }
})
