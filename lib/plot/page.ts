import { dayText } from '../core/time.js'
import type { Bars } from './bars.js'
import { type Chart, type ChartOptions, chart } from './chart.js'
import { DAY } from './durations.js'
import { datesOf } from './heading.js'
import { quantityText, valueText } from './price-axis.js'
import { READ_OUT } from './read-out.js'
import { PAGE_COLOURS } from './style.js'
import { escaped } from './svg.js'
import { clockText } from './time-axis.js'

/**
 * Draws bars as a page of its own: the chart, and the values of the bar under the pointer or, with the arrow keys, under
 * the cursor. It needs no other file and no network. The same bars give the same bytes.
 */
export function page(bars: Bars, options: ChartOptions): string {
  const drawn = chart(bars, { ...options, untitled: true })
  const title = [options.title, datesOf(bars)].filter(Boolean).join(' · ')
  const { light, dark } = PAGE_COLOURS
  // A script ends at the first `</script`, wherever that stands: no `<` is in the data.
  const data = JSON.stringify(readOut(drawn)).replaceAll('<', '\\u003c')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>
body{margin:0;background:${light.back};color:${light.text};font:13px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:1400px;margin:0 auto;padding:12px}
svg{display:block;width:100%;height:auto}
svg:focus-visible{outline:2px solid currentColor;outline-offset:-2px}
output{display:block;min-height:1.5em;padding:4px 20px;font-variant-numeric:tabular-nums}
output b{font-weight:600}
output span{color:${light.muted};margin-left:1em}
#cursor{stroke:${light.muted};stroke-width:1;pointer-events:none}
@media (prefers-color-scheme:dark){
body{background:${dark.back};color:${dark.text}}
output span{color:${dark.muted}}
#cursor{stroke:${dark.muted}}
}
</style>
</head>
<body>
<main>
${drawn.svg}<output aria-live="polite"></output>
</main>
<script type="application/json" id="bars">${data}</script>
<script>
${READ_OUT}</script>
</body>
</html>
`
}

/** Returns what the read-out shows: places of bars from left to right, and texts by name for each; null where there is none. */
function readOut({ bars, width, layout, time }: Chart) {
  const { candles, close, volume, lines } = bars
  const texts = (values: Float64Array, text: (value: number) => string) =>
    Array.from(values, value => (Number.isNaN(value) ? null : text(value)))
  const columns: [string, (string | null)[]][] = [
    ...(candles
      ? [
          ['Open', texts(candles.open, valueText)] as [string, (string | null)[]],
          ['High', texts(candles.high, valueText)] as [string, (string | null)[]],
          ['Low', texts(candles.low, valueText)] as [string, (string | null)[]],
        ]
      : []),
    [candles ? 'Close' : 'Price', texts(close, valueText)],
    ...(volume ? [['Volume', texts(volume, quantityText)] as [string, (string | null)[]]] : []),
    ...lines.map(({ name, values }) => [name, texts(values, valueText)] as [string, (string | null)[]]),
  ]
  const times = Array.from(bars.times, (at, i) => {
    const date = dayText(bars.days[i])
    return width >= DAY ? date : `${date} ${clockText(at, width)}`
  })
  return {
    top: layout.top,
    bottom: layout.bottom,
    x: Array.from(time.x, x => Math.round(x * 10) / 10),
    times,
    names: columns.map(([name]) => name),
    values: columns.map(([, values]) => values),
  }
}
