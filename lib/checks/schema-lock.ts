import { readFileSync } from 'node:fs'
import type { AnalyticsConfig } from '../../configs/index.js'
import { BasaltError, type OutputColumn, type Problem } from '../core/index.js'
import { PendingFile } from '../io/index.js'

type LockConfig = Pick<AnalyticsConfig, 'SCHEMA_LOCK_MODE' | 'SCHEMA_LOCK_PATH'> & {
  PASSES: readonly { name: string }[]
}

interface Planned {
  name: string
  columns: readonly Pick<OutputColumn, 'name'>[]
}

const UPDATE = 'if that is meant, run pipeline validate once with --set SCHEMA_LOCK_MODE=update'

/**
 * Compares the planned columns of each pass, names and order, with the file of SCHEMA_LOCK_PATH: warnings or errors, by
 * SCHEMA_LOCK_MODE. A pass that could not be planned is not compared.
 */
export function lockProblems(config: LockConfig, plans: readonly Planned[]): Problem[] {
  const { SCHEMA_LOCK_MODE: mode, SCHEMA_LOCK_PATH: path, PASSES } = config
  if ((mode !== 'warn' && mode !== 'raise') || path === null) return []
  const at = 'SCHEMA_LOCK_PATH'
  const read = readLock(path)
  if ('problem' in read) return [{ severity: 'error', path: at, ...read }]
  const problems: Problem[] = []
  const report = (place: string, problem: string) =>
    void problems.push({ severity: mode === 'warn' ? 'warning' : 'error', path: place, problem, hint: UPDATE })
  for (const [index, { name }] of PASSES.entries()) {
    const plan = plans.find(each => each.name === name)
    const locked = read.lock.get(name)
    if (!locked) report(`PASSES[${index}]`, `pass ${name} is not in ${path}`)
    else if (plan) {
      const change = changeOf(
        locked,
        plan.columns.map(column => column.name),
      )
      if (change !== '') report(`PASSES[${index}]`, `columns of pass ${name} are not those of ${path}: ${change}`)
    }
  }
  for (const name of read.lock.keys())
    if (!PASSES.some(pass => pass.name === name)) report(at, `${path} has columns of a pass ${name}, which is no more`)
  return problems
}

/**
 * Writes the planned columns of each pass to the file of SCHEMA_LOCK_PATH, under SCHEMA_LOCK_MODE update; it appears
 * whole, and is left alone where nothing changed. A pass that could not be planned keeps what the file says of it.
 * Returns the path when the file was written.
 */
export async function updateSchemaLock(config: LockConfig, plans: readonly Planned[]): Promise<string | undefined> {
  const { SCHEMA_LOCK_MODE: mode, SCHEMA_LOCK_PATH: path, PASSES } = config
  if (mode !== 'update' || path === null) return undefined
  const before = readLock(path)
  if ('problem' in before && !before.missing)
    throw new BasaltError('config', `${before.problem}; ${before.hint}`, { path: 'SCHEMA_LOCK_PATH' })
  const known = 'lock' in before ? before.lock : new Map<string, string[]>()
  const lock: Record<string, string[]> = {}
  for (const { name } of PASSES) {
    const columns = plans.find(plan => plan.name === name)?.columns.map(column => column.name) ?? known.get(name)
    if (columns) lock[name] = columns
  }
  const text = `${JSON.stringify(lock, null, 2)}\n`
  if ('lock' in before && before.text === text) return undefined
  const file = await PendingFile.create(path)
  try {
    await file.write(Buffer.from(text))
    await file.commit()
  } catch (error) {
    await file.abort()
    throw error
  }
  return path
}

type Read = { lock: Map<string, string[]>; text: string } | { problem: string; hint: string; missing: boolean }

function readLock(path: string): Read {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT') return { problem: message, hint: 'name a file that can be read', missing: false }
    return {
      problem: `no such file: ${path}`,
      hint: 'run pipeline validate once with --set SCHEMA_LOCK_MODE=update',
      missing: true,
    }
  }
  const entries = entriesOf(text)
  if (entries) return { lock: new Map(entries), text }
  const problem = `${path} is no schema lock, which is JSON as {"pass": ["Column"]}`
  return {
    problem,
    hint: 'delete it, then run pipeline validate once with --set SCHEMA_LOCK_MODE=update',
    missing: false,
  }
}

function entriesOf(text: string): [string, string[]][] | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const entries = Object.entries(value)
  const isColumns = (list: unknown) => Array.isArray(list) && list.every(name => typeof name === 'string')
  return entries.every(([, list]) => isColumns(list)) ? entries : undefined
}

/** Says what became of the columns of a pass; empty when nothing did. */
function changeOf(locked: readonly string[], planned: readonly string[]): string {
  const missing = locked.filter(name => !planned.includes(name))
  const added = planned.filter(name => !locked.includes(name))
  const parts = [
    ...(missing.length > 0 ? [`missing: ${missing.join(', ')}`] : []),
    ...(added.length > 0 ? [`new: ${added.join(', ')}`] : []),
  ]
  if (parts.length > 0) return parts.join('; ')
  const at = planned.findIndex((name, i) => name !== locked[i])
  if (at >= 0) return `the order differs, column ${at + 1} is ${planned[at]} and was ${locked[at]}`
  return locked.length === planned.length ? '' : `column ${locked[locked.length - 1]} stands twice`
}
