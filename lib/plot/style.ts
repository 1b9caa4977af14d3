interface Theme {
  back: string
  text: string
  muted: string
  grid: string
  edge: string
  up: string
  down: string
  lines: string[]
}

// Green and red that differ in lightness and in blue, so that they do without the difference in hue, too.
const LIGHT: Theme = {
  back: '#ffffff',
  text: '#16202c',
  muted: '#64707f',
  grid: '#edf0f4',
  edge: '#d4dae2',
  up: '#0b8f78',
  down: '#d9472b',
  lines: ['#2a5bd7', '#b7700a', '#8038c4', '#0b7fa3', '#c02673', '#5a7d12'],
}

const DARK: Theme = {
  back: '#11161d',
  text: '#e6ebf2',
  muted: '#93a0b0',
  grid: '#1c242e',
  edge: '#33404e',
  up: '#2cc0a0',
  down: '#f2694c',
  lines: ['#7ba4ff', '#f0b24a', '#c08bf5', '#4cc4e6', '#f277b0', '#a6cf52'],
}

/** How many lines have a colour of their own; the next begins anew. */
export const LINE_COLOURS = LIGHT.lines.length

/** Returns the rules of a chart, for light and for dark. Without variables: many viewers of SVG do not know them. */
export const STYLE = `
.basalt{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;font-size:12px}
.basalt text{font-variant-numeric:tabular-nums}
.basalt .title{font-size:20px;font-weight:600}
.basalt .last{font-size:20px;font-weight:600;text-anchor:end}
.basalt .change{font-size:13px;text-anchor:end}
.basalt .x{text-anchor:middle}
.basalt .grid{stroke-width:1;shape-rendering:crispEdges}
.basalt .edge{stroke-width:1;shape-rendering:crispEdges}
.basalt .candle{stroke-width:1;shape-rendering:crispEdges}
.basalt .volume{fill-opacity:.5;shape-rendering:crispEdges}
.basalt .line{fill:none;stroke-width:1.4;stroke-linejoin:round;stroke-linecap:round}
.basalt .close{stroke-width:1.75}
.basalt .level{stroke-width:1;stroke-dasharray:2 3;shape-rendering:crispEdges}
.basalt .tag{font-weight:600}
${rules(LIGHT)}
@media (prefers-color-scheme:dark){
${rules(DARK)}
}
`

function rules({ back, text, muted, grid, edge, up, down, lines }: Theme): string {
  return [
    `.basalt .back,.basalt .tag{fill:${back}}`,
    `.basalt .title,.basalt .last{fill:${text}}`,
    `.basalt .muted{fill:${muted}}`,
    `.basalt .grid{stroke:${grid}}`,
    `.basalt .edge{stroke:${edge}}`,
    `.basalt .close{stroke:${text}}`,
    `.basalt .up{fill:${up}}.basalt .candle.up,.basalt .level.up{stroke:${up}}`,
    `.basalt .down{fill:${down}}.basalt .candle.down,.basalt .level.down{stroke:${down}}`,
    ...lines.map((colour, i) => `.basalt .c${i}{stroke:${colour}}.basalt text.c${i}{fill:${colour};stroke:none}`),
  ].join('\n')
}

/** Colours that a page around a chart needs, too. */
export const PAGE_COLOURS = {
  light: { back: LIGHT.back, text: LIGHT.text, muted: LIGHT.muted },
  dark: { back: DARK.back, text: DARK.text, muted: DARK.muted },
}
