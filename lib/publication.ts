import { mayRefuse } from './checks/index.js'
import { bucketKeys, dayOf } from './core/index.js'
import type { Publication } from './exec/target-files.js'
import { type Fingerprints, fingerprintOfPass } from './fingerprints.js'
import { filesOf, type OutputTarget, targetPlace, universeToken } from './plan/index.js'
import type { Prepared } from './prepare.js'
import { type Claimed, fingerprintOf } from './runs/index.js'
import { datesRead, type Pass } from './sequence.js'

/** Where the rows of a pass go, without what is there already. */
export type Outputs = Omit<Publication, 'standing' | 'onReplace' | 'onWritten'>

/** Returns where the rows of a pass go. A later pass is named after the dates of the passes that it reads. */
export function outputsOf(prepared: Prepared, pass: Pass, prints: Fingerprints): Outputs {
  const { config } = prepared
  const { plan, checks } = pass
  const settings = config.PASSES.find(({ name }) => name === plan.name)
  const days = datesRead(prepared, pass)
  const day = (text: string | null, fallback: number) => (text === null ? fallback : (dayOf(text) as number))
  const rule = plan.kind === 'raw' ? plan.aggregate.rule : plan.rule
  return {
    targets: [settings?.output ?? config.OUTPUT_TARGET, ...(settings?.extra_outputs ?? [])],
    together: mayRefuse(checks),
    frequency: settings?.batch_freq ?? config.BATCH_FREQ,
    names: { datasetname: config.DATASETNAME, pass: plan.name, universe: universeToken(config.UNIVERSE) },
    dates: { from: day(config.START_DATE, Math.min(...days)), to: day(config.END_DATE, Math.max(...days)) },
    metadata: {
      'basalt:config': prints.plans.get(plan.name) as string,
      ...(rule && { 'basalt:bucket': JSON.stringify(rule) }),
    },
    sortedBy: plan.kind === 'raw' ? bucketKeys(plan) : plan.keys,
  }
}

/** A file that a pass over a table will leave, and what it follows from. */
export interface PromisedFile {
  path: string
  folder: string
  days: (number | null)[]
  fingerprint: string
}

/** Lists the files of a pass over a table, which are known before it has run. */
export function promisedFiles(outputs: Outputs, units: ReadonlyMap<number | null, string>): PromisedFile[] {
  return outputs.targets.flatMap(target =>
    filesOf(target, outputs, units.keys()).map(({ path, days }) => ({
      path,
      folder: targetPlace(target, outputs).folder,
      days,
      fingerprint: fingerprintOfFile(
        days.map(day => units.get(day) as string),
        target,
        outputs,
      ),
    })),
  )
}

/** Returns the fingerprint of a file that is made of these. */
export function fingerprintOfFile(
  made: readonly string[],
  target: OutputTarget,
  { metadata, sortedBy }: Outputs,
): string {
  const { type, compression, row_group_rows } = target
  return fingerprintOf({ made, type, compression, row_group_rows, metadata, sortedBy })
}

/** Returns what a pass will write, by the folder of the target. */
export function claimsOf(outputs: Outputs): Map<string, Claimed[]> {
  const claims = new Map<string, Claimed[]>()
  // Without any date in paths, files are named alike whatever the dates of the run.
  const { from, to } = outputs.dates
  const dates = Number.isFinite(from) && Number.isFinite(to) ? { from, to } : { from: -1e9, to: 1e9 }
  for (const target of outputs.targets) {
    const { folder, pattern } = targetPlace(target, outputs)
    claims.set(folder, [...(claims.get(folder) ?? []), { pattern, ...dates }])
  }
  return claims
}

/** Returns the fingerprint of all files of a pass, where which rows are in which is not known beforehand. */
export const fingerprintOfFiles = (pass: Pass, prints: Fingerprints, outputs: Outputs): string =>
  fingerprintOf(outputs.targets.map(target => fingerprintOfFile([fingerprintOfPass(pass, prints)], target, outputs)))
