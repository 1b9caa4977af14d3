import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { BasaltError } from '../core/index.js'
import { JsonFolder, RUNS_FOLDER } from './folder.js'
import { mayRun, type ProcessIdentity, thisProcess } from './process.js'

/** What a run says that it writes, for others to see. */
interface Notice {
  run: string
  process: ProcessIdentity
  /** asking: it has not yet looked at what others say. */
  state: 'asking' | 'held'
  files: Claimed[]
}

/** Files that are named after dates: what they are called, the dates left open, and the dates from first to last. */
export interface Claimed {
  pattern: string
  from: number // days since the epoch
  to: number
}

const LOOK_AGAIN_MS = 50

/**
 * Keeps two runs from writing the same files: a run says what it will write, then looks at what others have said. Of two
 * that ask at once, one goes on. What a process left that is gone does not count, and is removed.
 */
export class Claim {
  private constructor(
    private readonly notices: JsonFolder<Notice>,
    private readonly name: string,
  ) {}

  /** Claims files below a folder for a run. Throws an `io` fault that names who is writing one of them. */
  static async on(root: string, run: string, files: readonly Claimed[]): Promise<Claim> {
    const notices = noticesIn(root)
    const name = randomUUID()
    const notice: Notice = { run, process: thisProcess(), state: 'asking', files: [...files] }
    const claim = new Claim(notices, name)
    await notices.put(name, notice)
    try {
      for (;;) {
        const others = await rivals(notices, name, files)
        const ahead = others.find(other => other.state === 'held' || other.name < name)
        if (ahead) throw conflict(ahead, notices.pathOf(ahead.name))
        if (others.length === 0) break
        await sleep(LOOK_AGAIN_MS) // those behind this one see it, and give way
      }
      await notices.put(name, { ...notice, state: 'held' })
      return claim
    } catch (error) {
      await claim.release()
      throw error
    }
  }

  async release(): Promise<void> {
    await rm(this.notices.pathOf(this.name), { force: true })
  }
}

/** What is claimed matters while processes run: none of it has to outlive a power cut. */
const noticesIn = (root: string) => new JsonFolder<Notice>(join(root, RUNS_FOLDER, 'claims'), false)

/** Tells whether a run that is under way writes below a folder. */
export async function runsUnderWay(root: string): Promise<string[]> {
  const notices = noticesIn(root)
  return [...(await notices.all()).values()].filter(notice => mayRun(notice.process)).map(({ run }) => run)
}

/** Removes what runs that are gone have claimed; returns its paths. */
export async function dropDeadClaims(root: string, dryRun: boolean): Promise<string[]> {
  const notices = noticesIn(root)
  const dead = [...(await notices.all())].filter(([, notice]) => !mayRun(notice.process))
  const paths = dead.map(([name]) => notices.pathOf(name))
  if (!dryRun) for (const path of paths) await rm(path, { force: true })
  return paths
}

/** Returns what others claim of some files. */
async function rivals(notices: JsonFolder<Notice>, own: string, files: readonly Claimed[]) {
  const meets = (a: Claimed) => files.some(b => a.pattern === b.pattern && a.from <= b.to && b.from <= a.to)
  const found: (Notice & { name: string; file: string })[] = []
  for (const [name, notice] of await notices.all()) {
    if (name === own) continue
    const shared = notice.files.find(meets)
    if (!shared) continue
    if (mayRun(notice.process)) found.push({ ...notice, name, file: shared.pattern })
    else await rm(notices.pathOf(name), { force: true })
  }
  return found
}

function conflict({ run, process: { pid, host }, file }: Notice & { file: string }, notice: string): BasaltError {
  const problem = `run ${run} (process ${pid} on ${host}) is writing it; wait for its end, or write to another place`
  return new BasaltError('io', `${problem}; if that run is gone for certain, remove ${notice}`, { file })
}
