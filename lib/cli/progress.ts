import { appendFileSync, writeFileSync } from 'node:fs'
import type { OnEvent, RunEvent } from '../exec/events.js'

export type LoggingLevel = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR'

/**
 * Follows a run on stderr, for stdout is data's: failures always, warnings unless only errors are wanted, a bar on a
 * terminal from INFO, every unit at DEBUG.
 */
export function watch({ level = 'INFO', ...options }: { level?: LoggingLevel; events?: string } = {}): OnEvent {
  const bar = process.stderr.isTTY && (level === 'INFO' || level === 'DEBUG') ? new Bar() : undefined
  const log = options.events === undefined ? undefined : eventLog(options.events)
  return event => {
    log?.(event)
    if (event.kind === 'progress') bar?.show(event)
    else if (event.kind === 'start') bar?.start()
    else {
      const line = lineOf(event, level)
      if (event.kind === 'end' || line) bar?.clear()
      if (line) console.error(line)
    }
  }
}

/** Writes events as NDJSON. A disk that is full ends the log, not the run. */
function eventLog(path: string): OnEvent {
  writeFileSync(path, '')
  let broken = false
  return event => {
    if (broken) return
    try {
      appendFileSync(path, `${JSON.stringify({ at: new Date().toISOString(), ...event }, jsonable)}\n`)
    } catch (error) {
      broken = true
      console.error(`warning: ${path} is not written any more: ${(error as Error).message}`)
    }
  }
}

function lineOf(event: RunEvent, level: LoggingLevel): string | undefined {
  switch (event.kind) {
    case 'unit':
      return level === 'DEBUG' ? `unit ${event.unit}: ${event.rowsIn} rows in, ${event.rowsOut} out` : undefined
    case 'retry':
      if (level === 'ERROR') return undefined
      return `again in ${event.seconds.toFixed(1)} s: ${event.error.message}`
    case 'cut': {
      if (level === 'ERROR') return undefined
      const batches = event.into.map(({ unit, listings }) => `${unit} (${listings})`)
      return `again in batches of listings: ${batches.join(', ')}: ${event.error.message}`
    }
    case 'warning':
      if (level === 'ERROR') return undefined
      return event.text.startsWith('warning:') ? event.text : `warning: ${event.text}`
    case 'failed':
      return `failed: unit ${event.unit}: ${event.error.message}`
    default:
      return undefined
  }
}

/** Errors have written themselves by then (`toJSON`). */
const jsonable = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value)

const WIDTH = 30
const EVERY_MS = 100

class Bar {
  private started = 0
  private shown = 0

  start(): void {
    if (this.started === 0) process.once('exit', () => this.clear())
    this.started = performance.now()
  }

  show({ pass, rows, total }: { pass: string; rows: number; total: number }): void {
    const now = performance.now()
    if (now - this.shown < EVERY_MS && rows < total) return
    this.shown = now
    const share = total > 0 ? Math.min(1, rows / total) : 1
    const seconds = (now - this.started) / 1000
    const rate = rows / Math.max(seconds, 0.001)
    const left = rate > 0 ? (total - rows) / rate : 0
    const filled = Math.round(share * WIDTH)
    const text = `${pass} ${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${(share * 100).toFixed(0).padStart(3)}%  ${count(rate)} rows/s  ${left.toFixed(0)} s left`
    process.stderr.write(`\r${text}\x1b[K`)
  }

  clear(): void {
    process.stderr.write('\r\x1b[K')
  }
}

/** Writes a number with thousands kept readable: 1.2 M. */
export function count(value: number): string {
  if (value >= 1e9) return `${(value / 1e9).toFixed(1)} G`
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)} M`
  return value >= 1e4 ? `${(value / 1e3).toFixed(0)} k` : `${Math.round(value)}`
}

/** Writes bytes in binary units. */
export function size(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`
}
