import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type ConfigSource,
  type LoadedConfig,
  type ReadOptions,
  readConfig,
  validateConfig,
} from '../../configs/index.js'
import { ConfigError } from '../../lib/core/index.js'
import { fixtureRegistry } from './registry.js'

const folder = mkdtempSync(join(tmpdir(), 'configs-'))

/** Writes a config file and returns its path. */
export function file(name: string, text: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

/** Reads and checks sources with the fixture pack. */
export async function load(
  sources: ConfigSource | ConfigSource[],
  options: ReadOptions & { strict?: boolean } = {},
): Promise<LoadedConfig> {
  const raw = await readConfig(Array.isArray(sources) ? sources : [sources], options)
  return validateConfig(raw, fixtureRegistry(), options)
}

/** Returns the report of a config that must be refused, with the folder of the test files left out. */
export async function refused(
  sources: ConfigSource | ConfigSource[],
  options: ReadOptions & { strict?: boolean } = {},
): Promise<string[]> {
  try {
    await load(sources, options)
  } catch (error) {
    if (error instanceof ConfigError) return error.report.map(line => line.replaceAll(`${folder}/`, ''))
    throw error
  }
  return []
}

let counter = 0

/** Returns the report of YAML text that must be refused. */
export const refusedYaml = (text: string, options: ReadOptions = {}) =>
  refused(file(`c${counter++}.yaml`, text), options).then(lines => lines.map(line => line.replace(/^c\d+\.yaml/, 'c')))

/** A config that is accepted; tests change one thing of it. */
export const GOOD = {
  START_DATE: '2026-02-03',
  END_DATE: '2026-02-03',
  PASSES: [{ name: 'bars', modules: ['trade'], trade_analytics: { generic_metrics: [{ measures: ['VWAP'] }] } }],
}

/** Returns the report of the good config with other keys. */
export const refusedWith = (keys: object) => refused({ object: { ...GOOD, ...keys } })

/** Returns the report of the good config with other keys in its only pass. */
export const refusedPass = (keys: object) => refusedWith({ PASSES: [{ ...GOOD.PASSES[0], ...keys }] })
