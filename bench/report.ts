import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import type { Contestant } from './job.js'
import type { Line } from './measures.js'
import { QUIET, type Result } from './race.js'

/** Returns what the numbers were measured on. */
export function machine() {
  const model = cpus()[0]?.model ?? 'unknown'
  return {
    cpu: model,
    cores: availableParallelism(),
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    load: loadavg().map(value => Number(value.toFixed(2))),
  }
}

type Cell = (line: Line) => string
const NAMES: Contestant[] = ['basalt', 'duckdb', 'polars']
const each = (of: (result: Result) => number | null, digits: number): Cell[] =>
  NAMES.map(name => line => {
    const value = line.results[name] && of(line.results[name])
    return typeof value === 'number' ? value.toFixed(digits) : ''
  })

/** Groups of columns: heading, width of a column, cells. */
const GROUPS: [string, number, Cell[]][] = [
  ['seconds', 7, each(({ seconds }) => seconds, 2)],
  ['CPU seconds', 7, each(({ cpu }) => cpu, 2)],
  ['peak MB', 7, each(({ peak }) => peak / 1e6, 0)],
  ['file MB', 7, each(({ bytes }) => bytes && bytes / 1e6, 1)],
  ['result', 15, [({ outcome }) => outcome]],
  ['must', 15, [({ must }) => must]],
  ['met', 4, [({ met }) => (met === null ? '' : met ? 'yes' : 'NO')]],
  ['others', 7, [({ results }) => `${(othersOf(results) * 100).toFixed(0)} %`]],
]
const LABEL = 46

/** Returns the two lines of headings. Contestants stand in the order Basalt, DuckDB, Polars. */
export function headings(): string {
  const top = GROUPS.map(([heading, width, cells]) => heading.padStart(width * cells.length))
  const names = GROUPS.map(([, width, cells]) =>
    cells.map((_, i) => (cells.length > 1 ? ['Basalt', 'DuckDB', 'Polars'][i] : '').padStart(width)).join(''),
  )
  return [top, names].map((line, i) => ['job, data, measure', ''][i].padEnd(LABEL) + line.join(' ')).join('\n')
}

/** Returns a line of the table. */
export function row(label: string, line: Line): string {
  const cells = GROUPS.map(([, width, all]) => all.map(cell => cell(line).padStart(width)).join(''))
  return `${label} ${line.measure}`.padEnd(LABEL) + cells.join(' ')
}

/** Returns who ran, with versions. */
export function versions(lines: Line[]): string {
  const version = (name: Contestant) => lines.map(({ results }) => results[name]?.version).find(Boolean)
  const words = { basalt: 'Basalt on Node', duckdb: 'DuckDB', polars: 'Polars (Python)' }
  return NAMES.flatMap(name => (version(name) ? `${words[name]} ${version(name)}` : [])).join(', ')
}

/** Tells whether other work on the machine makes times worth little. */
export const disturbed = ({ results }: Line): boolean => othersOf(results) > QUIET

function othersOf(results: Line['results']): number {
  return Math.max(...Object.values(results).map(({ others }) => others))
}

export const LEGEND = `seconds: medians; warm: one more run inside a process, rows counted in memory; cold: the whole process, to a Parquet
file ordered by the keys (zstd 3); first 1 %: until those rows reach the
reader of stream run; result: the rivals' seconds over Basalt's (DuckDB / Polars), or what the measure is named after;
replay: the work alone, on columns in memory, by one thread; M/s core: million messages per CPU second;
file: bytes over DuckDB's; peak: of the whole process; others: the most CPU that other processes took, of all cores`
