import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import { type Contestant, QUIET, type Race, type Result } from './compare.js'

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

const HEADINGS = [
  '',
  'job s',
  'wall s',
  'CPU s',
  'peak MB',
  'first rows s',
  'file MB',
  'others',
  'ratio: job, wall, CPU',
]

const RATIOS = ['seconds', 'wall', 'cpu'] as const

/** Writes a race as a table. Ratios are the rival's seconds over Basalt's: above 1 where Basalt is faster. */
export function tableOf({ contestants }: Race): string {
  const ours = contestants.basalt as Result
  const lines = Object.entries(contestants).map(([name, result]) => [
    nameOf(name as Contestant, result),
    result.seconds.toFixed(2),
    result.wall.toFixed(2),
    result.cpu.toFixed(2),
    (result.peak / 1e6).toFixed(0),
    result.firstRows?.toFixed(2) ?? '',
    result.bytes === null ? '' : (result.bytes / 1e6).toFixed(1),
    `${(result.others * 100).toFixed(0)} %`,
    name === 'basalt' ? '' : RATIOS.map(of => (result[of] / ours[of]).toFixed(2).padStart(5)).join(' '),
  ])
  const widths = HEADINGS.map((heading, i) => Math.max(heading.length, ...lines.map(line => line[i].length)))
  return [HEADINGS, ...lines]
    .map(line => line.map((text, i) => (i === 0 ? text.padEnd(widths[i]) : text.padStart(widths[i]))).join('  '))
    .join('\n')
}

/** Tells whether other work on the machine makes the times of a race worth little. */
export function disturbed({ contestants }: Race): boolean {
  return Object.values(contestants).some(({ others }) => others > QUIET)
}

function nameOf(name: Contestant, { version }: Result): string {
  return { basalt: `Basalt (Node ${version})`, duckdb: `DuckDB ${version}`, polars: `Polars ${version} (Python)` }[name]
}
