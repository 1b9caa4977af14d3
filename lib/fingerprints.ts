import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { DataFile, PassPlan, Unit } from './core/index.js'
import { listingsOf } from './exec/universe.js'
import { termsOf } from './plan/index.js'
import { BUILT_IN, isRaw, type Prepared, type PreparedLater, type PreparedPass } from './prepare.js'
import { fingerprintOf } from './runs/index.js'
import { sourcesOf } from './sequence.js'
import { codeVersion } from './version.js'

/** What the results of a run follow from, as hashes: equal ones have equal bytes. */
export interface Fingerprints {
  /** Of what a pass says that it computes, whatever the data: noted in its files. */
  plans: Map<string, string>
  /** Of each unit of a pass over a table, by date: its code, plan and input. */
  units: Map<string, Map<number | null, string>>
  /** Of a pass over results. */
  later: Map<string, string>
}

/** Computes the fingerprints of passes, in the order of the config. Files count by place, size and time of change. */
export function fingerprints(prepared: Prepared): Fingerprints {
  const { passes, config, files } = prepared
  const code = { version: codeVersion(), packs: packHashes(prepared) }
  const listed = termsOf(config.UNIVERSE).flatMap(({ name, values }) => (name === 'file' ? values.map(listingsOf) : []))
  const found: Fingerprints = { plans: new Map(), units: new Map(), later: new Map() }
  for (const pass of passes) {
    const { name } = pass.plan
    if (isRaw(pass)) {
      const plan = fingerprintOf({ plan: named(pass.plan), universe: termsOf(config.UNIVERSE) })
      found.plans.set(name, plan)
      const checks = pass.checks
      found.units.set(
        name,
        new Map(
          pass.units.map(unit => {
            const quotes = sourcesOf(pass).map(source => found.units.get(source)?.get(unit.day))
            const own = { ...(quotes.length > 0 && { quotes }), ...(listed.length > 0 && { listed }) }
            return [unit.day, fingerprintOf({ code, plan, checks, ...inputOf(unit, pass, prepared), ...own })]
          }),
        ),
      )
      continue
    }
    const sources = sourcesOf(pass)
    const tables = sources.filter(source => config.DATA.tables[source])
    // How a pass can be computed in parts does not change what it computes.
    const steps = pass.plan.steps.map(({ cuts, holdsRows, ...step }) => step)
    const plan = fingerprintOf({
      plan: { ...pass.plan, steps },
      sources: sources.map(source => found.plans.get(source) ?? config.DATA.tables[source]),
    })
    found.plans.set(name, plan)
    const input = {
      passes: sources.map(source => [...(found.units.get(source)?.values() ?? []), found.later.get(source)]),
      tables: tables.map(table => (files.get(table) ?? []).map(identityOf)),
      reference: (files.get('reference') ?? []).map(identityOf),
    }
    found.later.set(name, fingerprintOf({ code, plan, checks: pass.checks, input }))
  }
  return found
}

/** Names what rows take of their own table by their own pass: which of several passes makes it changes nothing. */
const named = (plan: PassPlan): PassPlan =>
  plan.taken
    ? {
        ...plan,
        taken: plan.taken.map(each => (each.by === 'row' ? { ...each, source: `${plan.name}.${each.module}` } : each)),
      }
    : plan

/** What a unit reads. Of tables that say what holds since a date, files of later dates do not matter. */
function inputOf({ day, parts }: Unit, { files, states }: PreparedPass, prepared: Prepared) {
  const until = (all: readonly DataFile[]) =>
    all.filter(file => file.day === null || day === null || file.day <= day).map(identityOf)
  return {
    day,
    files: [...new Set(parts.map(({ file }) => file))].map(file => identityOf(files[file])),
    reference: until(prepared.files.get('reference') ?? []),
    states: states && { files: until(states.files), bindings: states.bindings, steps: states.steps },
  }
}

const identityOf = ({ relative, bytes, modified }: DataFile) => [relative, bytes, modified]

/** Hashes the packs of the user, as files; what they import is not followed. */
function packHashes({ packs }: Prepared): string[] {
  return packs.filter(url => url !== BUILT_IN).map(url => fingerprintOf(contentOf(url)))
}

function contentOf(url: string): string {
  try {
    return readFileSync(fileURLToPath(url), 'utf8')
  } catch {
    return url // no file: its name has to do
  }
}

/** Returns the fingerprint of what a pass makes of all its input. */
export function fingerprintOfPass(pass: PreparedPass | PreparedLater, { units, later }: Fingerprints): string {
  return later.get(pass.plan.name) ?? fingerprintOf([...(units.get(pass.plan.name)?.values() ?? [])])
}
