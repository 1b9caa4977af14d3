import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { folderFor } from '../exec/folder.js'
import { basalt, configFile } from './command.js'
import { BARS, sampleMarket } from './market.js'

t.setTimeout(300_000)

const folder = folderFor(t)
await sampleMarket(folder)
const [bars] = BARS.PASSES
const FAILING = { ENABLED: true, null_rate_max: 1, ranges: { TradeTotalCount: [1, 2], Close: [0, 1e9] } }
const FAILED = /^TradeTotalCount: max=\d+ > 2$/

/** Bars by date, and a pass that reads them. */
const configOf = (checks: object, keys: object = {}) =>
  configFile(folder, {
    ...BARS,
    ...keys,
    BATCH_FREQ: 'D',
    QUALITY_CHECKS: checks,
    PASSES: [bars, { name: 'later', modules: ['generic'], generic_analytics: { aggregations: { Close: 'last' } } }],
  })

function filesIn(name: string): string[] {
  if (!existsSync(join(folder, name))) return []
  const found = readdirSync(join(folder, name), { recursive: true, withFileTypes: true })
  // What runs note for themselves is no output; half-written files are looked for everywhere.
  const isOwn = ({ parentPath, name }: (typeof found)[number]) =>
    parentPath.includes('_basalt') && !name.endsWith('.tmp')
  return found.filter(each => each.isFile() && !isOwn(each)).map(each => each.name)
}

t.test('a check that warns is in stderr, in the report and in its JSON', async t => {
  const config = configOf(FAILING)
  const text = await basalt(['pipeline', 'run', config, '--output-root', 'warned'], folder)
  t.match(text, { code: 0, stderr: /^warning: pass bars: TradeTotalCount: max=\d+ > 2$/m })
  t.match(text.stdout, /^ {2}failed check: TradeTotalCount: max=/m)
  t.equal(filesIn('warned').length, 4)
  const json = await basalt(['pipeline', 'run', config, '--output-root', 'warned', '--json'], folder)
  const { passes } = JSON.parse(json.stdout)
  t.match(passes, [{ pass: 'bars', checks: [FAILED] }, { pass: 'later' }])
  t.strictSame(passes[1].checks, [], 'the later pass has no such column')
})

for (const workers of ['1', '2']) {
  t.test(`a check that raises publishes nothing of its pass and ends with 1, with ${workers} workers`, async t => {
    const config = configOf({ ...FAILING, action: 'raise' })
    const root = `raised-${workers}`
    const run = await basalt(
      ['pipeline', 'run', config, '--output-root', root, '--workers', workers, '--events', 'e.ndjson'],
      folder,
    )
    t.match(run, { code: 1, stdout: '', stderr: /^data: pass bars fails 1 check and must not be published: Trade/ })
    t.notMatch(run.stderr, /\n\s+at /)
    t.strictSame(filesIn(root), [], 'no file, no temporary file')
    const events = readFileSync(join(folder, 'e.ndjson'), 'utf8')
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
    t.match(
      events.filter(({ kind }) => kind === 'end' || kind === 'written'),
      [{ kind: 'end', report: { pass: 'bars', checks: [FAILED] } }],
    )
  })
}

t.test('checks that raise and hold change no row', async t => {
  const passing = { ENABLED: true, action: 'raise', null_rate_max: 1, ranges: { TradeTotalCount: [1, 1e9] } }
  const written = async (checks: object, root: string) => {
    const config = configOf(checks, { OUTPUT_TARGET: { type: 'csv' } })
    t.match(await basalt(['pipeline', 'run', config, '--output-root', root], folder), { code: 0, stderr: '' })
    const files = readdirSync(join(folder, root), { recursive: true, encoding: 'utf8' })
    const texts = files.filter(file => file.endsWith('.csv')).sort()
    return texts.map(file => [file, readFileSync(join(folder, root, file), 'utf8')])
  }
  const free = await written({ ENABLED: false }, 'free')
  t.equal(free.length, 4)
  t.strictSame(await written(passing, 'checked'), free)
})

t.test('a stream ends in an error after its rows; a file of it does not appear', async t => {
  const free = configOf({ ENABLED: false })
  const whole = await basalt(['stream', 'run', free, '--pass', 'bars', '--format', 'csv'], folder)
  const config = configOf({ ...FAILING, action: 'raise' })
  const streamed = await basalt(['stream', 'run', config, '--pass', 'bars', '--format', 'csv'], folder)
  t.match(streamed, { code: 1, stderr: /^data: pass bars fails 1 check/ })
  t.equal(streamed.stdout, whole.stdout)
  const file = await basalt(['stream', 'run', config, '--pass', 'bars', '--format', 'csv', '--out', 'b.csv'], folder)
  t.equal(file.code, 1)
  t.notOk(existsSync(join(folder, 'b.csv')))
  const later = await basalt(['stream', 'run', config, '--pass', 'later', '--format', 'csv'], folder)
  t.match(later, { code: 1, stderr: /^data: pass bars fails/ }, 'what it reads')
})

t.test('a later pass that fails its expectations leaves the passes before it', async t => {
  const config = configFile(folder, {
    ...BARS,
    PASSES: [
      bars,
      {
        name: 'daily',
        modules: ['generic'],
        pass_expectations: { preserve_rows: true },
        generic_analytics: {
          group_by: ['ListingId', 'TimeBucket'],
          resample_rule: '1D',
          aggregations: { Close: 'last' },
        },
      },
    ],
  })
  const run = await basalt(['pipeline', 'run', config, '--output-root', 'kept'], folder)
  t.match(run, { code: 1, stderr: /^data: pass daily fails 1 check .*: preserve_rows: 8 rows, bars has \d\d+; / })
  t.equal(filesIn('kept').length, 1)
  const streamed = await basalt(['stream', 'run', config, '--format', 'csv'], folder)
  t.match(streamed, { code: 1, stderr: /^data: pass daily fails/ })
  t.equal(streamed.stdout.trimEnd().split('\r\n').length, 9, 'the heading and its rows')
})

t.test('a schema lock is written by validate and by run, and held to by every command', async t => {
  const config = configOf({ ENABLED: false }, { SCHEMA_LOCK_MODE: 'raise', SCHEMA_LOCK_PATH: 'locks/columns.json' })
  const update = ['--set', 'SCHEMA_LOCK_MODE=update']
  const other = ['--set', 'PASSES[0].trade_analytics.generic_metrics[0].measures=[OHLC, Count]']
  const missing = await basalt(['pipeline', 'validate', config], folder)
  t.match(missing, {
    code: 2,
    stderr: /^config\.yaml:\d+:\d+: SCHEMA_LOCK_PATH: no such file: locks\/columns\.json; run/,
  })
  t.match(await basalt(['pipeline', 'plan', config, ...update], folder), { code: 0 })
  t.notOk(existsSync(join(folder, 'locks')), 'a plan writes nothing')
  t.match(await basalt(['pipeline', 'validate', config, ...update], folder), {
    code: 0,
    stdout: /wrote locks\/columns/,
  })
  t.match(await basalt(['pipeline', 'validate', config], folder), { code: 0 })
  const lock = () => JSON.parse(readFileSync(join(folder, 'locks/columns.json'), 'utf8'))
  t.match(lock(), { bars: /TradeTotalVWAP/, later: ['Date', 'ListingId', 'TimeBucket', 'Close'] })

  const run = ['pipeline', 'run', config, '--output-root', 'locked', ...other]
  const changed = await basalt(run, folder)
  t.equal(changed.code, 2)
  t.match(
    changed.stderr,
    /PASSES\[0\]: columns of pass bars are not those of locks\/columns\.json: missing: TradeTotalVolume, TradeTotalVWAP; /,
  )
  t.strictSame(filesIn('locked'), [])
  t.match(await basalt(['stream', 'run', config, ...other], folder), { code: 2 })
  const warned = await basalt([...run, '--set', 'SCHEMA_LOCK_MODE=warn'], folder)
  t.match(warned, { code: 0, stderr: /^warning: config\.yaml:\d+:\d+: PASSES\[0\]: columns of pass bars/ })
  t.match(await basalt([...run, ...update], folder), { code: 0, stderr: '' })
  t.notOk(lock().bars.includes('TradeTotalVWAP'))
})
