import { resolve } from 'node:path'
import { bytesOf } from '../configs/index.js'
import { dayText, faultOf, type WrittenFile } from './core/index.js'
import { emptyReport, type OnEvent, type PassReport, type RunEvent } from './exec/events.js'
import { availableMemory, outputSpecs } from './exec/pass.js'
import { publishPass } from './exec/publish.js'
import { publishLater } from './exec/publish-later.js'
import type { Results } from './exec/results.js'
import type { Publication } from './exec/target-files.js'
import { type Fingerprints, fingerprints } from './fingerprints.js'
import { bytesSpilled } from './io/index.js'
import { laterRun, openResults, passRun, withoutDates } from './pass-runs.js'
import { targetPlace } from './plan/index.js'
import { isRaw, type Prepared } from './prepare.js'
import { claimsOf, fingerprintOfFile, fingerprintOfFiles, outputsOf } from './publication.js'
import { fingerprintOf, Journal, PassNotes, type PassRecord, type RunRecord, type RunStart } from './runs/index.js'
import { noLongerRead, type Pass, sourcesOf, withSources } from './sequence.js'
import { codeVersion } from './version.js'
import { noteOf, type Work, workOf } from './work.js'

export interface RunReport {
  run: string
  passes: PassReport[]
  /** Files that this run wrote. */
  files: WrittenFile[]
  /** Files that were there, made of the same input by the same config and code. */
  standing: WrittenFile[]
  memory: { budget: number; peak: number } // bytes
  bytes: RunRecord['bytes']
}

/** Who watches a run, and who may end it. */
export interface Watching {
  onEvent?: OnEvent
  signal?: AbortSignal
}

export interface Running extends Watching {
  /** Computes and writes everything, also what is there already. */
  fresh?: boolean
}

/**
 * Runs passes and what they read, in the order of the config, and writes those that were chosen to their targets. What is
 * there and made of the same is left alone; what an interrupted run had computed is taken over.
 */
export async function runPasses(prepared: Prepared, chosen: readonly Pass[], running: Running): Promise<RunReport> {
  const { config } = prepared
  const fresh = running.fresh ?? !config.SKIP_EXISTING_OUTPUT
  const sequence = withSources(prepared, chosen)
  const prints = fingerprints(prepared)
  const start = startOf(prepared, chosen, prints)
  const journal = await Journal.open(start)
  const run = new Run(prepared, prints, journal, new PassNotes(start.home), running)
  try {
    const works = await workOf(prepared, sequence, chosen, { prints, journal, notes: run.notes, fresh })
    await run.all(sequence.map(pass => works.get(pass) as Work))
  } catch (error) {
    const interrupted = running.signal?.aborted
    await run.end(interrupted ? 'interrupted' : 'failed', faultOf(error).message).catch(() => {}) // the first error tells more
    throw error
  }
  await run.end(run.report.passes.some(({ failed }) => failed.length > 0) ? 'partly' : 'done')
  return run.report
}

function startOf(prepared: Prepared, chosen: readonly Pass[], prints: Fingerprints): RunStart {
  const { config, loaded, files } = prepared
  const claims: RunStart['claims'] = new Map()
  for (const pass of chosen)
    for (const [folder, files] of claimsOf(outputsOf(prepared, pass, prints)))
      (claims as Map<string, typeof files>).set(folder, [...(claims.get(folder) ?? []), ...files])
  return {
    home: claims.keys().next().value ?? config.OUTPUT_TARGET.root,
    claims,
    code: codeVersion(),
    config: loaded.hash(),
    inputs: [...files].flatMap(([table, all]) =>
      all.map(({ path, bytes, modified }) => ({ table, path, bytes, modified: new Date(modified).toISOString() })),
    ),
    memoryBudget: bytesOf(config.EXECUTION.memory_budget, availableMemory()),
    resume: config.EXECUTION.resume,
    keep: !(config.CLEAN_UP_BATCH_FILES && config.CLEAN_UP_TEMP_DIR),
    copy: config.RUN_ARTIFACTS_ENABLED ? { folder: config.RUN_ARTIFACTS_DIR, name: config.RUN_ARTIFACTS_NAME } : null,
  }
}

/** A run under way. */
class Run {
  readonly report: RunReport
  private readonly results: Results
  private readonly spilledBefore = bytesSpilled() // by other runs of this process
  private readonly passes = new Map<string, PassRecord>() // also those that did not end
  private readonly failedDays = new Map<string, Set<number | null>>()
  private readonly incomplete = new Set<string>() // passes of which units failed, and those that read them

  constructor(
    private readonly prepared: Prepared,
    private readonly prints: Fingerprints,
    private readonly journal: Journal,
    readonly notes: PassNotes,
    private readonly running: Running,
  ) {
    const { budget } = journal.record.memory
    this.report = {
      run: journal.run,
      passes: [],
      files: [],
      standing: [],
      memory: { budget, peak: 0 },
      bytes: journal.record.bytes,
    }
    this.results = openResults(prepared)
  }

  /** Does the work of passes, one after another. */
  async all(works: readonly Work[]): Promise<void> {
    const failFast = this.prepared.config.EXECUTION.fail_fast
    for (const [i, work] of works.entries()) {
      for (const [path, marker] of work.standing) {
        this.journal.kept(path, marker)
        this.report.standing.push({
          path: resolve(path),
          rows: marker.rows,
          bytes: marker.bytes,
          sha256: marker.sha256,
        })
      }
      const report = work.nothing ? this.nothingOf(work) : await this.one(work)
      this.report.passes.push(report)
      if (report.failed.length > 0 || sourcesOf(work.pass).some(name => this.incomplete.has(name)))
        this.incomplete.add(report.pass)
      if (failFast && report.failed.length > 0) return
      const reading = works.slice(i + 1).filter(({ nothing, left }) => !nothing && !left)
      const ahead = reading.map(({ pass }) => pass)
      for (const name of noLongerRead(work.pass, ahead)) this.results.release(name)
    }
  }

  private nothingOf(work: Work): PassReport {
    const { pass, checks } = work
    const units = this.recordOf(work).standing
    for (const check of checks) this.running.onEvent?.({ kind: 'warning', text: `pass ${pass.plan.name}: ${check}` })
    return { ...emptyReport(pass.plan.name, units), standing: units, checks }
  }

  private async one(work: Work): Promise<PassReport> {
    const { pass, outputs, kept, columns, stored, checkpoint, left } = work
    const { plan } = pass
    const record = this.recordOf(work)
    const watching = { ...this.running, onEvent: this.follow(record) }
    if (isRaw(pass)) {
      const specs = outputSpecs(plan).filter(({ name }) => columns.includes(name))
      const result = this.results.open(plan.name, specs)
      const lost = new Set(sourcesOf(pass).flatMap(name => [...(this.failedDays.get(name) ?? [])]))
      const run = passRun(
        this.prepared,
        withoutDates({ ...pass, units: work.units }, lost),
        { order: 'listing', ...watching },
        this.results,
      )
      const publication = { ...outputs, standing: new Set(work.standing.keys()), ...this.noting(work) }
      const { report, files } = await publishPass(run, publication, { result, kept, checkpoint, stored })
      this.report.files.push(...files)
      await this.noteOf(work, report, files)
      return { ...report, units: report.units + record.standing, standing: record.standing }
    }
    if (left && kept) {
      this.results.open(plan.name, kept).resume(left)
      return { ...emptyReport(plan.name, 1), resumed: 1, rowsOut: left.rows }
    }
    const run = await laterRun(this.prepared, pass, this.results, watching)
    const publication = { ...outputs, standing: new Set<string>(), ...this.noting(work) }
    const { report, files } = await publishLater(run, publication, { kept, checkpoint: checkpoint(null) })
    this.report.files.push(...files)
    await this.noteOf(work, report, files)
    return report
  }

  /** Notes what a pass has left, where nothing of it is missing. */
  private async noteOf({ pass, outputs, standing }: Work, report: PassReport, files: WrittenFile[]): Promise<void> {
    if (outputs.targets.length === 0 || this.isIncomplete({ pass }) || report.failed.length > 0) return
    const paths = [...standing.keys(), ...files.map(({ path }) => path)]
    const fingerprint = fingerprintOfFiles(pass, this.prints, outputs)
    await this.notes.put(noteOf(outputs), { fingerprint, paths, checks: report.checks })
  }

  /** Notes files that become visible. One that lacks what failed is no file of this fingerprint. */
  private noting({ pass, outputs, promised }: Work): Pick<Publication, 'onReplace' | 'onWritten'> {
    const { name } = pass.plan
    const onReplace: Publication['onReplace'] = (path, target) =>
      this.journal.replacing(targetPlace(target, outputs).folder, path)
    const onWritten: Publication['onWritten'] = async (file, target) => {
      const { folder } = targetPlace(target, outputs)
      const found = promised.find(({ path }) => resolve(path) === file.path)
      const failed = this.failedDays.get(name)
      const days = found?.days.filter(day => failed?.has(day)) ?? []
      const whole = isRaw(pass)
        ? (found?.fingerprint ?? fingerprintOfFile([], target, outputs))
        : fingerprintOfFiles(pass, this.prints, outputs)
      const fingerprint =
        days.length > 0 || this.isIncomplete({ pass }) ? fingerprintOf({ whole, without: days.map(shownDay) }) : whole
      await this.journal.written(folder, file, { pass: name, fingerprint })
    }
    return { onReplace, onWritten }
  }

  /** Opens the record of a pass, with what of it is done already. */
  private recordOf({ pass, units, stored, left, nothing }: Work): PassRecord {
    const { name } = pass.plan
    const resumed = isRaw(pass)
      ? pass.units.filter(({ day }) => stored.has(day)).map(({ id, day }) => ({ id, facts: stored.get(day)?.facts }))
      : left
        ? [{ id: name, facts: { rowsIn: undefined, rowsOut: left.rows } }]
        : []
    const all = isRaw(pass) ? pass.units.length : 1
    const record: PassRecord = {
      pass: name,
      plan: this.prints.plans.get(name) as string,
      units: resumed.map(({ id, facts }) => ({
        unit: id,
        state: 'resumed',
        rowsIn: facts?.rowsIn,
        rowsOut: facts?.rowsOut,
      })),
      standing: nothing ? all : isRaw(pass) ? all - units.length - stored.size : 0,
    }
    this.passes.set(name, record)
    return record
  }

  private isIncomplete({ pass }: Pick<Work, 'pass'>): boolean {
    return sourcesOf(pass).some(name => this.incomplete.has(name))
  }

  /** Returns an observer that writes down what happens to units. */
  private follow({ pass, units }: PassRecord): OnEvent {
    const failed = new Set<number | null>()
    this.failedDays.set(pass, failed)
    return (event: RunEvent) => {
      if (event.kind === 'unit') {
        const { unit, rowsIn, rowsOut, seconds } = event
        units.push({ unit, state: 'computed', rowsIn, rowsOut, seconds: Math.round(seconds * 1000) / 1000 })
      } else if (event.kind === 'failed') {
        failed.add(event.day)
        units.push({ unit: event.unit, state: 'failed', problem: event.error.message })
      }
      this.running.onEvent?.(event)
    }
  }

  async end(status: 'done' | 'partly' | 'failed' | 'interrupted', problem?: string): Promise<void> {
    this.results.close()
    const { passes, files, bytes } = this.report
    bytes.read = passes.reduce((total, pass) => total + pass.bytesRead, 0)
    bytes.written = files.reduce((total, file) => total + file.bytes, 0)
    bytes.spilled = bytesSpilled() - this.spilledBefore
    await this.journal.end(status, [...this.passes.values()], problem)
    this.report.memory.peak = this.journal.record.memory.peak ?? 0
  }
}

const shownDay = (day: number | null): string | null => (day === null ? null : dayText(day))
