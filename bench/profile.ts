import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { SourceMap, type SourceMapping } from 'node:module'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { MadeData } from './data.js'
import type { Job, Order } from './job.js'
import { daysFrom } from './trades.sql.js'

const FOLDER = join(import.meta.dirname, '../../bench/.cache/profile')
const SHOWN = 25

interface CallFrame {
  functionName: string
  url: string
  lineNumber: number // 0-based
  columnNumber: number
}

interface Profile {
  nodes: { id: number; callFrame: CallFrame }[]
  samples: number[]
  timeDeltas: number[] // µs
}

/** Runs a job in Basalt under Node's sampling profiler and returns where time went, by function, own time only. */
export function profileOf(job: Job, { root }: MadeData, threads: number): string {
  rmSync(FOLDER, { recursive: true, force: true })
  mkdirSync(FOLDER, { recursive: true })
  const order: Order = {
    root,
    threads,
    repetitions: 0,
    out: null,
    query: '',
    keys: [],
    config: job.config(root, daysFrom(1)),
  }
  const program = join(import.meta.dirname, 'basalt-process.js')
  execFileSync(process.execPath, ['--cpu-prof', `--cpu-prof-dir=${FOLDER}`, program, JSON.stringify(order)])

  const spent = new Map<string, number>()
  let total = 0
  for (const file of readdirSync(FOLDER)) {
    const { nodes, samples, timeDeltas }: Profile = JSON.parse(readFileSync(join(FOLDER, file), 'utf8'))
    const names = new Map(nodes.map(({ id, callFrame }) => [id, labelOf(callFrame)]))
    for (const [i, id] of samples.entries()) {
      const name = names.get(id) as string
      if (name === '(idle)' || name === '(program)') continue
      spent.set(name, (spent.get(name) ?? 0) + timeDeltas[i])
      total += timeDeltas[i]
    }
  }
  const top = [...spent].sort((a, b) => b[1] - a[1]).slice(0, SHOWN)
  const lines = top.map(
    ([name, us]) =>
      `${(us / 1000).toFixed(0).padStart(7)} ms ${((us / total) * 100).toFixed(1).padStart(5)} %  ${name}`,
  )
  return [
    ...lines,
    `${(total / 1000).toFixed(0).padStart(7)} ms in all threads; the profiles are in bench/.cache/profile`,
  ].join('\n')
}

function labelOf({ functionName, url, lineNumber, columnNumber }: CallFrame): string {
  const map = url.startsWith('file:') ? mapOf(fileURLToPath(url)) : undefined
  const { originalSource = url, originalLine = lineNumber }: Partial<SourceMapping> =
    map?.findEntry(lineNumber, columnNumber) ?? {}
  return `${functionName || '(anonymous)'}${originalSource ? ` ${basename(originalSource)}:${originalLine + 1}` : ''}`
}

const maps = new Map<string, SourceMap | undefined>()

/** Returns what says from which source each place of the bundle is. */
function mapOf(path: string): SourceMap | undefined {
  if (!maps.has(path)) {
    const file = `${path}.map`
    maps.set(path, existsSync(file) ? new SourceMap(JSON.parse(readFileSync(file, 'utf8'))) : undefined)
  }
  return maps.get(path)
}
