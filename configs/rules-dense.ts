import { nearest, wallTime, widthFromSeconds } from '../lib/core/index.js'
import type { Finding } from './finding.js'
import { type LooseMap, listOf, mapOf, modulesOf, passesOf, textOf } from './loose.js'
import type { Path } from './path.js'
import { wallTimeOrMidnight } from './words.js'

/** Market states that are known (semantics 1.6). */
const MARKET_STATES = [
  'AUCTION_ON_DEMAND',
  'CLOSED',
  'CLOSING_AUCTION',
  'CONDITIONAL',
  'CONTINUOUS_TRADING',
  'CONTINUOUS_TRADING_PRIMARY_CLOSED',
  'HALTED',
  'INTRADAY_AUCTION',
  'NOT_APPLICABLE',
  'OPENING_AUCTION',
  'POST_TRADE',
  'PRE_OPEN',
  'UNKNOWN',
  'UNSCHEDULED_AUCTION',
]

/** Tells whether a pass, as written, lays a grid. */
export function isDense(pass: LooseMap): boolean {
  const on = mapOf(pass.dense_analytics).ENABLED !== false
  return pass.timeline_mode === 'dense' || (on && modulesOf(pass).includes('dense'))
}

/** Checks what a grid needs to be told, and that nothing is told in vain. */
export function denseRules(config: LooseMap): Finding[] {
  return passesOf(config).flatMap(({ index, pass }) => {
    const path: Path = ['PASSES', index]
    const block = mapOf(pass.dense_analytics)
    const at = (field: string): Path => [...path, 'dense_analytics', field]
    const findings = moduleRules(pass, block, path)
    if (!isDense(pass)) {
      if (Object.keys(block).length === 0 || block.ENABLED === false) return findings
      const problem = 'has no effect; timeline_mode is not dense'
      return [...findings, { path: [...path, 'dense_analytics'], problem, warning: true, atKey: true }]
    }
    const uniform = block.mode === 'uniform'
    return [...findings, ...(uniform ? uniformRules(pass, block, path, at) : adaptativeRules(block, at))]
  })
}

function moduleRules(pass: LooseMap, { ENABLED }: LooseMap, path: Path): Finding[] {
  const modules = modulesOf(pass)
  if (ENABLED === false && pass.timeline_mode === 'dense') {
    const problem = 'timeline_mode is dense, but ENABLED: false takes the grid away'
    return [{ path: [...path, 'dense_analytics', 'ENABLED'], problem, hint: 'leave out one of the two' }]
  }
  if (modules.length === 0 || modules.some(name => name !== 'dense')) return []
  const problem = 'module dense lays a grid under other modules and computes nothing'
  return [{ path: [...path, 'modules'], problem, hint: 'name one that does, as trade' }]
}

function uniformRules(pass: LooseMap, block: LooseMap, path: Path, at: (field: string) => Path): Finding[] {
  const findings: Finding[] = (['grid_states', 'pad_seconds'] as const)
    .filter(field => block[field] !== undefined)
    .map(field => ({ path: at(field), problem: 'has no effect in mode uniform', warning: true, atKey: true }))
  const [start, end] = listOf(block.time_interval)
  if (block.time_interval === undefined || block.time_interval === null) {
    const problem = 'mode uniform needs time_interval'
    findings.push({ path: at('mode'), problem, hint: 'write time_interval: ["09:00", "17:30"]' })
    return findings
  }
  const from = wallTime(textOf(start) ?? '')
  const to = wallTimeOrMidnight(textOf(end) ?? '')
  const origin = textOf(pass.time_bucket_origin)
  if (origin !== undefined && from !== undefined && wallTime(origin) !== from) {
    const problem = `buckets of a uniform grid count from the start of time_interval, ${start}`
    findings.push({ path: [...path, 'time_bucket_origin'], problem, hint: 'leave it out' })
  }
  const width = widthOf(pass)
  if (from !== undefined && to !== undefined && width !== undefined && to > from && to - from < width) {
    const problem = `holds no whole bucket of ${width / 1e9} s`
    findings.push({ path: at('time_interval'), problem })
  }
  return findings
}

function adaptativeRules(block: LooseMap, at: (field: string) => Path): Finding[] {
  const findings: Finding[] = []
  if (block.time_interval !== undefined && block.time_interval !== null) {
    const problem = 'has no effect in mode adaptative'
    findings.push({ path: at('time_interval'), problem, hint: 'write mode: uniform', warning: true, atKey: true })
  }
  for (const [i, state] of listOf(block.grid_states).entries()) {
    if (typeof state !== 'string' || MARKET_STATES.includes(state)) continue
    const near = nearest(state, MARKET_STATES)
    const hint = near ? `did you mean '${near}'?` : `known: ${MARKET_STATES.join(', ')}`
    findings.push({
      path: [...at('grid_states'), i],
      problem: `'${state}' is no known market state`,
      hint,
      warning: true,
    })
  }
  return findings
}

function widthOf({ time_bucket_seconds: seconds = 60 }: LooseMap): number | undefined {
  try {
    return typeof seconds === 'number' ? widthFromSeconds(seconds) : undefined
  } catch {
    return undefined // the schema reports it
  }
}
