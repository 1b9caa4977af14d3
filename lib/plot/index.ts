export type { Bars, Line } from './bars.js'
export { type Chart, type ChartOptions, chart } from './chart.js'
export type { Anchor } from './coarsen.js'
export { page } from './page.js'
