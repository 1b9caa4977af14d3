import { readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isAlive, SPILL_PREFIX, TEMPORARY } from '../io/index.js'
import { Checkpoints } from './checkpoints.js'
import { dropDeadClaims, runsUnderWay } from './claim.js'
import { Markers } from './marker.js'
import { Records } from './record.js'

export interface Leftovers {
  /** Files and folders that were removed, or would be. */
  removed: string[]
  bytes: number
  /** What was left alone, and why. */
  kept: string[]
}

export interface GcOptions {
  /** Also removes what an interrupted run would go on from. */
  all?: boolean
  dryRun?: boolean
  /** Where spilled data goes; null is the folder of the system. */
  tempDir?: string | null
}

/**
 * Removes what runs that are gone have left below a folder: half-written files, claims, checkpoints that no run goes on
 * from, notes of outputs that are gone, and spilled data. Outputs and manifests stay.
 */
export async function collectGarbage(
  root: string,
  { all, dryRun = false, tempDir }: GcOptions = {},
): Promise<Leftovers> {
  const found: Leftovers = { removed: await dropDeadClaims(root, dryRun), bytes: 0, kept: [] }
  const doomed = await deadSpills(tempDir ?? tmpdir())
  const busy = await runsUnderWay(root)
  if (busy.length > 0) found.kept.push(`files of runs that are under way: ${busy.join(', ')}`)
  else {
    doomed.push(...(await temporaries(root)), ...(await new Markers(root).orphans()))
    const rows = (await new Checkpoints(root).files()).filter(path => path.endsWith('.rows'))
    const last = (await new Records(root).all()).at(-1)
    const wanted = last && last.status !== 'done' && !all
    if (!wanted) doomed.push(...rows)
    else if (rows.length > 0)
      found.kept.push(`${rows.length} checkpoints, from which run ${last.run} can be gone on with; --all removes them`)
  }
  for (const path of doomed) {
    found.bytes += await sizeOf(path)
    if (!dryRun) await rm(path, { recursive: true, force: true })
    found.removed.push(path)
  }
  return found
}

/** Lists half-written files: their names begin with a dot, or stand among the checkpoints, and end with .tmp. */
async function temporaries(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter(entry => entry.isFile() && TEMPORARY.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name))
}

async function deadSpills(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  return names.flatMap(name => {
    const pid = name.startsWith(SPILL_PREFIX) ? Number.parseInt(name.slice(SPILL_PREFIX.length), 10) : Number.NaN
    return Number.isNaN(pid) || isAlive(pid) ? [] : join(folder, name)
  })
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined)
  if (!found?.isDirectory()) return found?.size ?? 0
  const sizes = await Promise.all((await readdir(path)).map(name => sizeOf(join(path, name))))
  return sizes.reduce((total, size) => total + size, 0)
}
