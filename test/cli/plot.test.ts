import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { folderFor } from '../exec/folder.js'
import { count, texts } from '../plot/walk.js'
import { basalt, configFile } from './command.js'
import { BARS, sampleMarket } from './market.js'

t.setTimeout(300_000)

const folder = folderFor(t)
await sampleMarket(folder)
const [pass] = BARS.PASSES
const config = configFile(folder, { ...BARS, PASSES: [{ ...pass, time_bucket_seconds: 300 }] })
const read = (name: string) => readFileSync(join(folder, name), 'utf8')
const csv = await basalt(['stream', 'run', config, '--format', 'csv', '--out', 'bars.csv'], folder)
t.equal(csv.code, 0)
const [heading, ...rows] = read('bars.csv').trimEnd().split('\r\n')
const [, LISTING] = rows[0].split(',')
const own = rows.filter(row => row.includes(`,${LISTING},`))
const plot = (source: string, ...flags: string[]) => basalt(['plot', source, '--listing', LISTING, ...flags], folder)

t.test('a config and files of every format give the same chart', async t => {
  const { code, stdout, stderr } = await plot(config)
  t.match({ code, stderr }, { code: 0, stderr: '' })
  const name = `${LISTING}_2026-02-03_2026-02-04.svg`
  t.match(stdout, `wrote ${name} (${own.length} bars, `)
  const svg = read(name)
  t.equal(count(svg, 'candle '), own.length)
  t.equal(count(svg, 'volume '), own.length)
  t.same(texts(svg, 'title'), [`MCM · XLON · ${LISTING} · 2026-02-03 to 2026-02-04`])
  t.ok(svg.includes(`>${own.length} 5-minute bars · prices in GBX · times in UTC<`))
  t.same(texts(svg, 'c0'), ['TradeTotalVWAP'])
  const close = own.at(-1)?.split(',')[heading.split(',').indexOf('Close')]
  t.same(texts(svg, 'last'), [close])

  for (const format of ['arrow', 'ndjson'])
    t.equal((await basalt(['stream', 'run', config, '--format', format, '--out', `bars.${format}`], folder)).code, 0)
  t.equal((await basalt(['pipeline', 'run', config, '--output-root', 'out'], folder)).code, 0)
  const [parquet] = readdirSync(join(folder, 'out'), { recursive: true, encoding: 'utf8' }).filter(file =>
    file.endsWith('.parquet'),
  )
  for (const file of ['bars.arrow', 'bars.ndjson', 'bars.csv', join('out', parquet)]) {
    const drawn = await plot(file, '--out', 'same.svg')
    t.match(drawn, { code: 0, stderr: '' }, file)
    t.ok(read('same.svg') === svg, file)
  }
})

t.test('flags choose rows, columns and the form', async t => {
  const day = await plot('bars.csv', '--date', '2026-02-04', '--from', '09:00', '--to', '12:00', '--out', '-')
  t.match({ code: day.code, stderr: day.stderr }, { code: 0, stderr: '' })
  const chosen = own.filter(row => /,2026-02-04T(09|1[01]|12:00):/.test(row))
  t.ok(chosen.length > 10)
  t.equal(count(day.stdout, 'candle '), chosen.length)
  const since = await plot('bars.csv', '--from', '2026-02-04T09:00', '--to', '2026-02-04T12:00:00Z', '--out', '-')
  t.equal(since.stdout, day.stdout)
  const night = await plot('bars.csv', '--from', '16:00', '--to', '09:00', '--out', '-')
  t.equal(count(night.stdout, 'candle '), own.filter(row => !/T(09:(?!00)|1[0-5])/.test(row)).length)

  const page = await plot(
    config,
    '--date',
    '2026-02-03',
    '--columns',
    'TradeTotalVWAP, TradeTotalCount',
    '--out',
    'charts/a.html',
  )
  t.match(page, { code: 0, stderr: '' })
  t.ok(read('charts/a.html').startsWith('<!doctype html>'))
  t.same(texts(read('charts/a.html'), 'c1'), ['TradeTotalCount'])

  const line = await plot('bars.csv', '--close', 'TradeTotalVWAP', '--open', 'High', '--columns', '', '--out', '-')
  t.match(line, { code: 0, stderr: '' })
  t.equal(count(line.stdout, 'line '), 0)
  writeFileSync(
    join(folder, 'prices.csv'),
    'ListingId,TimeBucket,Bid,MidPrice\n7,2026-02-03T08:00:00Z,1,2\n7,2026-02-03T08:01:00Z,1,3\n',
  )
  const mid = await basalt(['plot', 'prices.csv', '--listing', '7', '--out', '-'], folder)
  t.match(mid, { code: 0, stderr: '' })
  t.equal(count(mid.stdout, 'line close'), 1)
  t.ok(mid.stdout.includes('>MidPrice · 2 1-minute bars'))
})

t.test('a universe of the config is narrowed, not replaced', async t => {
  const outside = await plot(config, '--set', 'UNIVERSE=mic=XPAR', '--out', 'none.svg')
  t.match(outside, { code: 2, stderr: /no rows of listing/ })
  const inside = await plot(config, '--set', 'UNIVERSE=mic=XLON', '--date', '2026-02-03', '--out', 'some.svg')
  t.match(inside, { code: 0, stderr: '' })
  t.notOk(existsSync(join(folder, 'none.svg')))
})

t.test('what cannot be drawn is said, and nothing is written', async t => {
  t.ok(own.length > 100, 'more rows than tell what a column of text looks like')
  const before = readdirSync(folder).sort()
  writeFileSync(join(folder, 'twice.csv'), [heading, own[0], own[0]].join('\n'))
  writeFileSync(join(folder, 'words.csv'), [heading, ...own.slice(1), own[0].replace(/,[^,]*$/, ',dear')].join('\n'))
  writeFileSync(join(folder, 'counts.csv'), 'ListingId,TimeBucket,Count\n7,2026-02-03T08:00:00Z,1\n')
  writeFileSync(join(folder, 'markets.csv'), 'MIC,Close\nXLON,1\n')
  const cases: [string[], number, RegExp][] = [
    [
      ['bars.csv', '--listing', LISTING.slice(0, -1)],
      2,
      new RegExp(`did you mean ${LISTING} MCM\\? 4 listings are there: ${LISTING} MCM, `),
    ],
    [['bars.csv', '--listing', 'MCM'], 2, new RegExp(`'MCM' in bars.csv; that is the ticker of listing ${LISTING}`)],
    [[config, '--listing', 'MCM'], 2, new RegExp(`'MCM' in pass bars; that is the ticker of listing ${LISTING}`)],
    [[config, '--listing', '1'], 2, /no rows of listing '1' in pass bars; 4 listings are there/],
    [
      [config, '--set', 'DATA.tables={trades: {}}', '--listing', '1'],
      2,
      /no rows of listing '1' in pass bars; 4 listings are there/,
    ],
    [
      ['bars.csv', '--listing', LISTING, '--date', '2026-02-05'],
      2,
      new RegExp(`leave none of the ${own.length} rows of listing`),
    ],
    [['bars.csv', '--listing', LISTING, '--date', '5 Feb'], 2, /--date 5 Feb: expected a date/],
    [['bars.csv', '--listing', LISTING, '--from', '25:00'], 2, /--from 25:00: expected a time of day/],
    [
      ['bars.csv', '--listing', LISTING, '--columns', 'TradeTotalVWPA'],
      2,
      /--columns: no column 'TradeTotalVWPA' in bars.csv; did you mean 'TradeTotalVWAP'\?/,
    ],
    [
      ['bars.csv', '--listing', LISTING, '--close', 'Ticker'],
      2,
      /--close: column 'Ticker' holds no numbers in bars.csv; columns of numbers are Open, High/,
    ],
    [['bars.csv', '--listing', LISTING, '--out', 'chart.png'], 2, /charts are written as \.svg or \.html/],
    [['bars.csv', '--listing', LISTING, '--pass', 'bars'], 2, /--pass: bars.csv is a file of results, not a config/],
    [['bars.csv'], 2, /required option '--listing <id>'/],
    [['bars.xlsx', '--listing', LISTING], 2, /bars\.xlsx: expected a config or a file of results: \.parquet, \.arrow/],
    [['none.csv', '--listing', LISTING], 1, /io: .*none\.csv/],
    [['none.yaml', '--listing', LISTING], 2, /none\.yaml: no such file/],
    [[config, '--listing', LISTING, '--pass', 'bar'], 2, /did you mean 'bars'\?/],
    [['twice.csv', '--listing', LISTING], 1, /has two rows at 2026-02-03 08:/],
    [['words.csv', '--listing', LISTING], 1, /words\.csv, column TradeTotalVWAP: 'dear' is no number/],
    [
      ['counts.csv', '--listing', '7'],
      2,
      /no Open, High, Low and Close, and no price; name one with --close: columns of numbers are Count/,
    ],
    [['markets.csv', '--listing', '7'], 2, /markets\.csv: has no column ListingId/],
  ]
  for (const [args, exit, pattern] of cases) {
    const { code, stdout, stderr } = await basalt(['plot', ...args], folder)
    t.equal(code, exit, args.join(' '))
    t.match(stderr, pattern)
    t.equal(stdout, '')
    t.notMatch(stderr, /\n\s+at /)
  }
  const made = ['counts.csv', 'markets.csv', 'twice.csv', 'words.csv']
  t.same(
    readdirSync(folder)
      .filter(name => !before.includes(name))
      .sort(),
    made,
  )
})
