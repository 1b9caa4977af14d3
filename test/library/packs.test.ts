import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { basalt as open } from 'basalt'
import t from 'tap'
import { basalt, configFile, fixture } from '../cli/command.js'
import { folderFor } from '../exec/folder.js'
import { rowsOf } from '../laws/rows.js'
import { libraryConfig } from './market.js'

t.setTimeout(300_000)

const folder = folderFor(t)
const base = await libraryConfig(folder)
const OWN = fixture('own-metric.mjs')
const MODULE = fixture('own-module.mjs')

/** The config with packs and one pass of its own. */
const withPass = (PACKS: string[], pass: object) => ({
  ...base,
  PACKS,
  PASSES: [{ name: 'bars', modules: ['trade'], time_bucket_seconds: 600, ...pass }],
})

const metrics = (...measures: string[]) => ({ trade_analytics: { generic_metrics: [{ measures }] } })
const large = withPass([OWN], metrics('LargeVolume', 'Volume'))

t.test('a metric of a pack gives the right values, with any number of workers', async t => {
  const filtered = withPass([], {
    ...metrics('Volume'),
    trade_analytics: {
      ...metrics('Volume').trade_analytics,
      base_filter: { Classification: ['LIT_CONTINUOUS'], Size: { min: 500 } },
    },
  })
  const expected = new Map(
    (await rowsOf(open(filtered).stream())).map(row => [`${row.ListingId} ${row.TimeBucket}`, row.TradeTotalVolume]),
  )
  t.ok(expected.size > 10)
  for (const workers of [1, 2]) {
    const rows = await rowsOf(open({ ...large, EXECUTION: { workers } }).stream())
    t.ok(rows.length > expected.size)
    for (const row of rows) {
      const volume = expected.get(`${row.ListingId} ${row.TimeBucket}`) ?? 0
      if (row.TradeTotalLargeVolume !== volume)
        t.fail(`${row.ListingId} ${row.TimeBucket}: ${row.TradeTotalLargeVolume}, not ${volume}`)
    }
  }
})

t.test('a pack is part of every description', async t => {
  const config = configFile(folder, large, 'large.yaml')
  const printed = async (...args: string[]) => {
    const { code, stdout, stderr } = await basalt(args, folder)
    t.match({ code, stderr }, { code: 0, stderr: '' }, args.join(' '))
    return stdout
  }
  const listed = JSON.parse(await printed('analytics', 'list', '--json', '--pack', OWN))
  t.ok(listed.some(({ columns }: { columns: string[] }) => columns.includes('TradeTotalLargeVolume')))
  t.match(await printed('analytics', 'explain', 'TradeTotalLargeVolume', config), /Σq over rows with q ≥ 500/)
  t.match(await printed('pipeline', 'plan', config), /TradeTotalLargeVolume/)
  t.match(await printed('pipeline', 'schema', config), /"LargeVolume"/)
  t.notMatch(await printed('pipeline', 'schema'), /"LargeVolume"/)
  t.match(await basalt(['analytics', 'explain', 'TradeTotalLargeVolume'], folder), { code: 2, stderr: /no column/ })
})

t.test('a pack brings kernels, a module, its family and its metrics', async t => {
  const config = withPass([MODULE], {
    modules: ['tape'],
    tape_analytics: { least_size: 100, tape_metrics: [{ measures: ['Energy', 'Upticks'] }] },
  })
  const results = await Promise.all([1, 2].map(workers => rowsOf(open({ ...config, EXECUTION: { workers } }).stream())))
  t.strictSame(results[1], results[0])
  const [rows] = results
  t.ok(rows.length > 10)
  t.ok(rows.every(({ TapeEnergy }) => (TapeEnergy as number) >= 100 * 100))
  t.ok(rows.some(({ TapeUpticks }) => (TapeUpticks as number) > 0))
  const wrong = {
    ...config,
    PASSES: [{ ...config.PASSES[0], tape_analytics: { least_size: -1, tape_metrics: [{ measures: ['Enerji'] }] } }],
  }
  await t.rejects(open(wrong).plan(), { message: /tape_analytics\.least_size[\s\S]*did you mean 'Energy'\?/ })
})

t.test('PACKS are relative to the file that names them', async t => {
  configFile(folder, { ...large, PACKS: ['./packs/own.mjs'] }, 'relative.yaml')
  const { code, stderr } = await basalt(['pipeline', 'plan', 'relative.yaml'], folder)
  t.equal(code, 2)
  t.match(stderr, /^relative\.yaml:\d+:\d+: PACKS\[0\]: the pack cannot be loaded: .*packs\/own\.mjs/)
})

t.test('packs that cannot be used', async t => {
  const cases: [string[], RegExp][] = [
    [
      [fixture('taken-name.mjs')],
      /^broken\.yaml:\d+:\d+: PACKS\[0\]: 'trade\.generic_metrics\.Volume' is defined twice/,
    ],
    [
      [OWN, fixture('broken-pack.mjs')],
      /^broken\.yaml:\d+:\d+: PACKS\[1\]: the pack cannot be loaded: this pack needs a licence/,
    ],
    [['./none.mjs'], /^broken\.yaml:\d+:\d+: PACKS\[0\]: the pack cannot be loaded: .*none\.mjs/],
    [
      ['no-such-package-of-metrics'],
      /^broken\.yaml:\d+:\d+: PACKS\[0\]: no package 'no-such-package-of-metrics' is installed/,
    ],
  ]
  for (const [packs, pattern] of cases) {
    configFile(folder, { ...large, PACKS: packs }, 'broken.yaml')
    for (const command of ['plan', 'schema', 'config']) {
      const { code, stdout, stderr } = await basalt(['pipeline', command, 'broken.yaml'], folder)
      t.match({ code, stdout }, { code: 2, stdout: '' })
      t.match(stderr, pattern)
      t.notMatch(stderr, /\n\s+at /)
    }
  }
  t.match(await basalt(['analytics', 'list', '--pack', 'none.mjs'], folder), {
    code: 2,
    stderr: /none\.mjs: the pack cannot be loaded/,
  })
})

t.test('a worker that dies fails its unit, and the run goes on', async t => {
  const config = { ...withPass([fixture('ends-workers.mjs')], metrics('Fatal')), EXECUTION: { workers: 2 } }
  const report = await open(config).run()
  t.equal(report.passes[0].failed.length, 2)
  t.match(report.passes[0].failed[0].error, {
    fault: 'internal',
    message: /part-0\.parquet, row group \d+: a worker thread ended/,
  })
  t.equal(report.files.length, 0)
  await t.resolves(open({ ...config, EXECUTION: { workers: 1 } }).run(), 'this thread lives on')
})

t.test('the same pack named twice is loaded once', async t => {
  const plan = await open({ ...large, PACKS: [OWN, OWN] }).plan()
  t.ok(plan.passes[0].columns.some(({ name }) => name === 'TradeTotalLargeVolume'))
  t.ok(readFileSync(join(OWN), 'utf8').includes("from 'basalt'"), 'a pack imports the package by its name')
})
