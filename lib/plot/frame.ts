import type { Bars } from './bars.js'
import { DAY } from './durations.js'
import type { Layout } from './layout.js'
import { heightOf, quantityText, type ValueAxis } from './price-axis.js'
import { element, px, textAt } from './svg.js'
import { dateTicks, type TimeAxis, timeTicks } from './time-axis.js'

/**
 * Draws what lies behind the marks: lines of the grid, edges between panels and sessions, and the texts of the axes but for
 * prices so close to the level of the last one that they would lie below its tag.
 */
export function frame(bars: Bars, layout: Layout, time: TimeAxis, width: number, level: number): string {
  const { left, right, top, bottom, price, volume, below } = layout
  const axes = [price, ...(volume ? [volume] : []), ...below]
  const ticks = timeTicks(bars, time, width)
  const spans = axes.map(axis => `M0 ${px(axis.top)}V${px(axis.bottom)}`) // moved to each tick
  const grid = [
    ...axes.flatMap(axis => axis.ticks.map(value => `M${px(left)} ${px(heightOf(axis, value))}H${px(right)}`)),
    ...ticks.flatMap(({ x }) => spans.map(span => span.replace('M0', `M${px(x)}`))),
  ].join('')
  const edges = [
    ...axes.map(axis => `M${px(left)} ${px(axis.bottom)}H${px(right)}`),
    // Between two sessions, in the middle of what is left free for the closed hours. Weeks of days are many.
    ...(width >= DAY ? [] : time.sessions.slice(1)).map((session, i) => {
      const x = (time.sessions[i].right + session.left) / 2
      return `M${px(x)} ${px(top)}V${px(bottom)}`
    }),
  ].join('')
  return [
    element('path', { class: 'grid', d: grid }),
    element('path', { class: 'edge', d: edges }),
    valueTexts(price, right, value =>
      Math.abs(heightOf(price, value) - level) < 15 ? '' : value.toFixed(price.decimals),
    ),
    ...below.map(axis => valueTexts(axis, right, value => value.toFixed(axis.decimals))),
    ...(volume ? [valueTexts(volume, right, quantityText)] : []),
    ...ticks.map(({ x, text }) => textAt(x, bottom + 17, text, { class: 'muted x' })),
    ...dateTicks(bars, time, width).map(({ x, text }) => textAt(x, bottom + 36, text, { class: 'muted' })),
  ].join('\n')
}

function valueTexts(axis: ValueAxis, right: number, text: (value: number) => string): string {
  return axis.ticks
    .map(value => ({ y: heightOf(axis, value) + 4, words: text(value) }))
    .map(({ y, words }) => (words ? textAt(right + 8, y, words, { class: 'muted value' }) : ''))
    .join('')
}
