import { type Bars, extentOf, widthOf } from './bars.js'
import { type Anchor, coarsened, fittingWidth } from './coarsen.js'
import { frame } from './frame.js'
import { type Drawn, datesOf, descriptionOf, moveOf, type Subject, subtitleOf } from './heading.js'
import { cutVolumes, type Layout, LEFT, layoutOf, RIGHT, WIDTH } from './layout.js'
import { candleMarks, lineMark, volumeMarks } from './marks.js'
import { heightOf, quantityText, type ValueAxis, valueText } from './price-axis.js'
import { LINE_COLOURS, STYLE } from './style.js'
import { element, escaped, px, textAt } from './svg.js'
import { sessionsOf, spanOf, type TimeAxis, timeAxis } from './time-axis.js'

export interface ChartOptions extends Subject {
  /** Which end of a bucket its label names; `end` when left out. */
  anchor?: Anchor
  /** Leaves out the element that browsers show as a tip over the whole chart, for pages that have a read-out. */
  untitled?: boolean
}

/** A chart as SVG, and what was drawn where. */
export interface Chart {
  svg: string
  bars: Bars
  /** Width of the drawn bars, ms. */
  width: number
  layout: Layout
  time: TimeAxis
}

const CANDLE_ROOM = 4 // px: a body of one, its outline, and one between two
const POINT_ROOM = 1

/**
 * Draws bars as candles with volumes and lines. Bars that are too many for the width are joined to wider ones, which the
 * subtitle says. The same bars give the same bytes. No bars give a chart that says so.
 */
export function chart(given: Bars, options: ChartOptions): Chart {
  const drawn = fitted(given, options.anchor ?? 'end')
  const { bars, width } = drawn
  const layout = layoutOf(bars)
  const time = timeAxis(bars, width, LEFT, RIGHT)
  const title = [options.title, datesOf(given)].filter(Boolean).join(' · ')
  const move = moveOf(bars)
  const empty = move === undefined
  const body = [
    element('rect', { class: 'back', width: layout.width, height: layout.height }),
    textAt(LEFT, 34, title, { class: 'title' }),
    textAt(LEFT, 56, subtitleOf(options, drawn), { class: 'muted' }),
    ...(empty ? [] : [frame(bars, layout, time, width, heightOf(layout.price, move.last))]),
    ...(empty ? [] : marks(bars, layout, time)),
    ...(empty ? [textAt(WIDTH / 2, 280, 'There are no prices to draw.', { class: 'muted x' })] : heads(bars, layout)),
  ]
  const { height } = layout
  const svg = element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: 'basalt',
      viewBox: `0 0 ${px(WIDTH)} ${px(height)}`,
      width: WIDTH,
      height,
      role: 'img',
      'aria-label': title,
    },
    ...(options.untitled ? [] : [`\n<title>${escaped(title)}</title>`]),
    `\n<desc>${escaped(descriptionOf(bars))}</desc>`,
    `\n<style>${STYLE}</style>\n`,
    `${body.join('\n')}\n`,
  )
  return { svg: `${svg}\n`, bars, width, layout, time }
}

function fitted(given: Bars, anchor: Anchor): Drawn {
  const own = widthOf(given.times)
  const span = spanOf(given, sessionsOf(given, own.width), own.width)
  const most = Math.floor((RIGHT - LEFT) / (given.candles ? CANDLE_ROOM : POINT_ROOM))
  const width = fittingWidth(own.width, own.regular, span, most)
  return { given, own, width, bars: width === own.width ? given : coarsened(given, width, anchor) }
}

/** Draws volumes, candles or a line of closes, lines, and the level of the last price. */
function marks(bars: Bars, layout: Layout, time: TimeAxis): string[] {
  const { price, volume, below, lines, left, right } = layout
  const { last, up } = moveOf(bars) as { last: number; up: boolean }
  const level = heightOf(price, last)
  const direction = up ? 'up' : 'down'
  const text = String(Number(last.toFixed(Math.min(20, price.decimals + 2)))) // the heading has all digits
  return [
    ...(volume ? [volumeMarks(bars, time, volume)] : []),
    bars.candles ? candleMarks(bars, time, price) : lineMark(bars.close, time, price, 'close'),
    ...lines.onPrice.map(line => lineMark(line.values, time, price, colourOf(bars, line.name))),
    ...lines.below.flatMap((panel, i) =>
      panel.lines.map(line => lineMark(line.values, time, below[i], colourOf(bars, line.name))),
    ),
    element('path', { class: `level ${direction}`, d: `M${px(left)} ${px(level)}H${px(right)}` }),
    element('rect', { class: direction, x: right + 2, y: level - 9, width: 12 + 8 * text.length, height: 18, rx: 3 }),
    textAt(right + 8, level + 4, text, { class: 'tag' }),
  ]
}

/** Writes the legend of the lines on the price, the names of the panels, and the last price. */
function heads(bars: Bars, layout: Layout): string[] {
  const { price, volume, below, lines } = layout
  const { last, change, up } = moveOf(bars) as { last: number; change: string; up: boolean }
  const onPrice = bars.candles ? 'Price' : ''
  return [
    textAt(RIGHT, 34, valueText(last), { class: 'last' }),
    textAt(RIGHT, 56, change, { class: `change ${up ? 'up' : 'down'}` }),
    legend(
      bars,
      price.top - 8,
      onPrice,
      lines.onPrice.map(({ name }) => name),
    ),
    ...(volume ? [textAt(LEFT, volume.top - 6, volumeName(bars, volume), { class: 'muted' })] : []),
    ...lines.below.map((panel, i) =>
      legend(
        bars,
        below[i].top - 6,
        '',
        panel.lines.map(({ name }) => name),
      ),
    ),
  ]
}

function volumeName(bars: Bars, axis: ValueAxis): string {
  const cut = cutVolumes(bars, axis)
  if (cut === 0) return 'Volume'
  const greatest = extentOf(bars.volume as Float64Array)?.high as number
  return `Volume (${cut} cut short; the greatest is ${quantityText(greatest)})`
}

/** Writes names one after the other, each in the colour of its line. */
function legend(bars: Bars, y: number, before: string, names: string[]): string {
  const words = [...(before ? [{ text: before, style: 'muted' }] : [])]
  words.push(...names.map(name => ({ text: name, style: colourOf(bars, name) })))
  let x = LEFT
  return words
    .map(({ text, style }) => {
      const at = x
      x += 18 + 7 * text.length // a guess at the width of the text, a little too wide
      return textAt(at, y, text, { class: style })
    })
    .join('')
}

function colourOf({ lines }: Bars, name: string): string {
  return `c${lines.findIndex(line => line.name === name) % LINE_COLOURS}`
}
