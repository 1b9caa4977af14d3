import t, { type Test } from 'tap'
import { chart } from '../../lib/plot/index.js'
import { count, DAY, MINUTE, OPENING, texts, walk } from './walk.js'

const subject = { title: 'MCM', unit: 'GBX', price: 'Close' }
const line = (bars: { close: Float64Array }, name: string, value: (close: number, i: number) => number) => ({
  name,
  values: bars.close.map(value),
})

/** Fails when a document is no well-formed XML: tags that do not match, or bare ampersands and angles. */
function wellFormed(t: Test, svg: string): void {
  const open: string[] = []
  const style = /<style>[^<&]*<\/style>/
  for (const [, closing, name, self] of svg.replace(style, '').matchAll(/<(\/?)([\w-]+)(?: [\w-]+="[^"<]*")*(\/?)>/g)) {
    if (closing) t.equal(open.pop(), name)
    else if (!self) open.push(name)
  }
  t.same(open, [])
  const bare = svg.replace(style, '').replace(/<\/?[\w-]+(?: [\w-]+="[^"<]*")*\/?>/g, '')
  t.same(bare.match(/[<>]|&(?!\w+;|#\d+;)/g), null)
  t.notOk(/NaN|Infinity|undefined|null/.test(svg))
  t.notOk(/ (d|x|y|width|height)="[^"]*\.\d\d/.test(svg), 'coordinates have one decimal, whatever the machine')
}

t.test('a candle and a volume a bar, with axes, title and description', async t => {
  const { svg } = chart(walk(240), subject)
  wellFormed(t, svg)
  t.equal(count(svg, 'candle '), 240)
  t.equal(count(svg, 'candle down'), 60)
  t.equal(count(svg, 'volume '), 240)
  t.same(texts(svg, 'title'), ['MCM · 2026-02-03'])
  t.ok(svg.includes('>240 1-minute bars · prices in GBX · times in UTC<'))
  t.same(texts(svg, 'muted x'), ['08:30', '09:00', '09:30', '10:00', '10:30', '11:00', '11:30', '12:00'])
  t.same(texts(svg, 'muted value'), ['96', '98', '100', '102', '104', '0', '500', '1k'])
  t.ok(svg.includes('<title>MCM · 2026-02-03</title>'))
  t.ok(/<desc>Prices lie between 94\.\d+ and 105\.\d+; the last is [^<]*Volumes are shown below\.<\/desc>/.test(svg))
  t.ok(svg.includes('@media (prefers-color-scheme:dark)'))
  t.notOk(/<script|http(?!:\/\/www\.w3\.org\/2000\/svg)/.test(svg))
  t.equal(chart(walk(240), subject).svg, svg, 'the same bars give the same bytes')
})

t.test('higher prices stand higher, later bars further right', async t => {
  const { svg } = chart(walk(3, { close: Float64Array.of(99.8, 100.2, 100.2) }), subject)
  const marks = [...svg.matchAll(/class="candle (\w+)" d="M([\d.]+) ([\d.]+)V([\d.]+)M/g)]
  const [first, second, third] = marks.map(([, direction, x, high, low]) => ({
    direction,
    x: +x,
    high: +high,
    low: +low,
  }))
  t.equal(first.direction, 'down')
  t.equal(second.direction, 'up')
  for (const each of [first, second, third]) t.ok(each.high < each.low, 'y grows downwards')
  t.ok(first.x < second.x && second.x < third.x)
  t.ok(third.high < first.high, 'it rose')
})

t.test('more bars than there is room for are joined, and the subtitle says so', async t => {
  const bars = walk(10_000)
  const { svg, bars: drawn } = chart(bars, subject)
  wellFormed(t, svg)
  t.ok(svg.includes('>10,000 1-minute bars drawn as 167 1-hour candles · '))
  t.equal(drawn.times.length, 167)
  t.equal(count(svg, 'candle '), 167)
  t.ok(svg.length < 60_000, `${svg.length} bytes`)
  const total = (values: Float64Array | null) => (values as Float64Array).reduce((sum, value) => sum + value, 0)
  t.equal(total(drawn.volume), total(bars.volume), 'no volume is lost')
})

t.test('no bars, one bar, one price', async t => {
  const none = chart(walk(0), subject).svg
  wellFormed(t, none)
  t.ok(none.includes('>There are no prices to draw.</text>'))
  t.equal(count(none, 'candle '), 0)
  t.same(texts(none, 'title'), ['MCM'])

  const one = chart(walk(1), subject).svg
  wellFormed(t, one)
  t.equal(count(one, 'candle '), 1)
  t.ok(one.includes('>1 bar · '))
  t.ok(one.includes('>08:01</text>'))

  const same = (length: number) => new Float64Array(length).fill(0.05)
  const flat = { candles: { open: same(9), high: same(9), low: same(9) }, close: same(9) }
  const constant = chart(walk(9, flat), subject).svg
  wellFormed(t, constant)
  t.equal(count(constant, 'candle up'), 9)
  t.ok(constant.includes('>±0 (±0.00 %)</text>'))
  t.same(texts(constant, 'tag'), ['0.05'])
  t.same(
    texts(constant, 'muted value').slice(0, -3),
    ['0.04996', '0.04998', '0.05002', '0.05004'],
    'but for the tick below the tag',
  )

  const zero = new Float64Array(4)
  wellFormed(t, chart(walk(4, { candles: null, close: zero, volume: zero }), subject).svg)
  const huge = zero.map((_, i) => 1e17 + i * 16)
  wellFormed(t, chart(walk(4, { candles: null, close: huge }), subject).svg)
  const negative = chart(walk(4, { candles: null, close: Float64Array.of(-37.63, -5, 2, 3) }), subject).svg
  wellFormed(t, negative)
  t.ok(negative.includes('>+40.63</text>'), 'no percentage of a negative price')
})

t.test('nulls leave gaps, and are counted', async t => {
  const bars = walk(20)
  bars.close[3] = NaN
  const { open, high } = bars.candles as { open: Float64Array; high: Float64Array }
  open[3] = high[3] = NaN
  high[7] = NaN
  ;(bars.volume as Float64Array)[5] = NaN
  bars.lines.push(line(bars, 'Sma3', (close, i) => (i < 2 || i === 10 || i === 12 ? NaN : close)))
  const { svg } = chart(bars, subject)
  wellFormed(t, svg)
  t.equal(count(svg, 'candle '), 18)
  t.equal(count(svg, 'volume '), 19)
  t.ok(svg.includes('>20 1-minute bars · 1 bar without a price · '))
  const d = /class="line c0" d="([^"]+)"/.exec(svg)?.[1] ?? ''
  t.equal(d.split('M').length - 1, 4, 'before the first null, where there is a close; between two; after')
  t.equal(d.split('h0').length - 1, 2, 'a value alone is a dot')

  const nothing = new Float64Array(20).fill(NaN)
  const empty = chart(walk(20, { candles: null, close: nothing, volume: nothing }), subject).svg
  wellFormed(t, empty)
  t.ok(empty.includes('>There are no prices to draw.</text>'))
})

t.test('lines near the price lie on it, others below, one panel a family', async t => {
  const bars = walk(100)
  bars.lines.push(
    line(bars, 'Sma14', close => close + 1),
    line(bars, 'Rsi14', (_, i) => 50 + 30 * Math.sin(i / 9)),
    line(bars, 'Rsi7', (_, i) => 50 + 40 * Math.sin(i / 9)),
    line(bars, 'Imbalance', (_, i) => Math.cos(i / 9)),
    line(bars, 'Empty', () => NaN),
  )
  const { svg, layout } = chart(bars, subject)
  wellFormed(t, svg)
  t.same(
    layout.lines.onPrice.map(({ name }) => name),
    ['Sma14', 'Empty'],
  )
  t.same(
    layout.lines.below.map(({ name }) => name),
    ['Rsi14, Rsi7', 'Imbalance'],
  )
  for (const [i, name] of ['Sma14', 'Rsi14', 'Rsi7', 'Imbalance', 'Empty'].entries())
    t.same(texts(svg, `c${i}`), [name], 'the legend has the colour of the line')
  t.equal(count(svg, 'line c'), 4)
  t.ok(layout.below[1].bottom < layout.height)
  t.equal(chart(walk(100), subject).layout.below.length, 0)
})

t.test('without open, high and low it is a line', async t => {
  const { svg } = chart(walk(50, { candles: null, volume: null }), { ...subject, price: 'TradeTotalVWAP' })
  wellFormed(t, svg)
  t.equal(count(svg, 'candle '), 0)
  t.equal(count(svg, 'line close'), 1)
  t.equal(count(svg, 'volume '), 0)
  t.ok(svg.includes('>TradeTotalVWAP · 50 1-minute bars'))
  t.notMatch(svg, '>Volume')
})

t.test('text is text', async t => {
  const bars = walk(5)
  bars.lines.push(line(bars, '<b>&"Sma"', close => close))
  const { svg } = chart(bars, { title: '<script>alert("A&B")</script>\u0007', unit: `'<` })
  wellFormed(t, svg)
  t.same(texts(svg, 'title'), ['&lt;script&gt;alert(&quot;A&amp;B&quot;)&lt;/script&gt;\ufffd · 2026-02-03'])
  t.ok(svg.includes('prices in &#39;&lt; · '))
  t.ok(svg.includes('>&lt;b&gt;&amp;&quot;Sma&quot;</text>'))
})

t.test('a volume far above the others is cut, and the panel says so', async t => {
  const volume = new Float64Array(100).fill(1000)
  volume[50] = 8_400_000
  const { svg, layout } = chart(walk(100, { volume }), subject)
  t.ok(svg.includes('>Volume (1 cut short; the greatest is 8.4M)</text>'))
  t.equal(layout.volume?.high, 2000)
  t.ok(chart(walk(100), subject).svg.includes('>Volume</text>'))
})

t.test('closed hours take no room, quiet ones do', async t => {
  const morning = (day: number, hours: number[]) => hours.map(hour => OPENING + day * DAY + hour * 60 * MINUTE)
  const times = Float64Array.from([...morning(0, [1, 2, 7, 8]), ...morning(1, [1, 2]), ...morning(6, [1, 2])])
  const { svg, time } = chart(walk(times.length, { times }), subject)
  t.same(
    time.sessions.map(({ first, last }) => [first, last]),
    [
      [0, 3],
      [4, 5],
      [6, 7],
    ],
  )
  const step = time.x[1] - time.x[0]
  t.ok(Math.abs(time.x[2] - time.x[1] - 5 * step) < 1e-6, 'five hours without a bar on one day')
  t.ok(Math.abs(time.x[6] - time.x[5] - (time.x[4] - time.x[3])) < 1e-6, 'a night and a weekend look alike')
  t.same(texts(svg, 'muted').slice(1, -2), ['Tue 3 Feb 2026', 'Wed 4 Feb 2026', 'Mon 9 Feb 2026'])
})

t.test('a market that never closes is one session, though bars are missing at midnight', async t => {
  const hour = 60 * MINUTE
  const times = Float64Array.from([20, 21, 22, 25, 26], at => OPENING + at * hour - 8 * hour)
  const { svg, time } = chart(walk(times.length, { times }), subject)
  t.same(
    time.sessions.map(({ first, last }) => [first, last]),
    [[0, 4]],
  )
  t.ok(texts(svg, 'muted x').includes('4 Feb'), 'a midnight is a date')
})

t.test('bars of days have dates below', async t => {
  const times = Float64Array.from(
    { length: 30 },
    (_, i) => Date.UTC(2025, 11, 15) + (i + Math.floor(i / 5) * 2 + 1) * DAY - 1e-3,
  )
  const { svg } = chart(walk(30, { times }), subject)
  t.ok(svg.includes('>30 1-day bars · '))
  t.equal(count(svg, 'candle '), 30)
  t.ok(texts(svg, 'muted x').includes('15 Dec'))
  t.same(texts(svg, 'muted').slice(1, -2), ['2025', '2026'])
})
