import type { RunReport } from '../basalt.js'
import type { PassReport } from '../exec/events.js'
import { count, size } from './progress.js'

const LISTED = 8 // files that were there are named up to here

/** Writes what a run did, for people. */
export function reportText(report: RunReport): string {
  const { passes, files, standing, memory, bytes, run } = report
  const lines = [
    ...passes.flatMap(passLines),
    ...files.map(file => `wrote ${fileText(file)}`),
    ...standing.slice(0, LISTED).map(file => `there already: ${fileText(file)}`),
  ]
  if (standing.length > LISTED) lines.push(`and ${standing.length - LISTED} more files that were there already`)
  if (standing.length > 0)
    lines.push('(made of the same input by the same config and code; --fresh computes them again)')
  const moved = [
    `read ${size(bytes.read)}`,
    ...(bytes.spilled > 0 ? [`spilled ${size(bytes.spilled)}`] : []),
    `wrote ${size(bytes.written)}`,
  ]
  lines.push(`run ${run}: ${moved.join(', ')}, peak memory ${size(memory.peak)} of ${size(memory.budget)}`)
  return lines.join('\n')
}

function passLines(pass: PassReport): string[] {
  const { units, failed, resumed, standing } = pass
  if (standing === units) return [`${pass.pass}: ${units === 1 ? 'it is' : `all ${units} units are`} done already`]
  const rate = pass.seconds > 0 ? `, ${count(pass.rowsIn / pass.seconds)} rows/s` : ''
  const before = [
    ...(resumed > 0 ? [`${resumed} taken over from an interrupted run`] : []),
    ...(standing > 0 ? [`${standing} done already`] : []),
  ]
  const notes = before.length > 0 ? ` (${before.join(', ')})` : ''
  return [
    `${pass.pass}: ${pass.rowsIn.toLocaleString('en')} rows in, ${pass.rowsOut.toLocaleString('en')} out, ${units - failed.length} of ${units} units${notes}, ${pass.seconds.toFixed(2)} s${rate}`,
    ...Object.entries(pass.excluded)
      .filter(([, rows]) => rows > 0)
      .map(([reason, rows]) => `  left out: ${rows.toLocaleString('en')} ${reason}`),
    ...Object.entries(pass.shares)
      .filter(([, { of }]) => of > 0)
      .map(
        ([name, { rows, of }]) =>
          `  ${((100 * rows) / of).toFixed(1)} %: ${rows.toLocaleString('en')} of ${of.toLocaleString('en')} ${name}`,
      ),
    ...(pass.unread > 0
      ? [`  not read: ${pass.unread.toLocaleString('en')} rows of which none can meet the filter`]
      : []),
    ...(pass.retries > 0 ? [`  tried again: ${pass.retries} row groups, stretches of them or dates in batches`] : []),
    ...(pass.slowest.length > 0 && pass.units > pass.slowest.length
      ? [`  slowest: ${pass.slowest.map(({ unit, seconds }) => `${unit} (${seconds.toFixed(2)} s)`).join(', ')}`]
      : []),
    ...pass.checks.map(check => `  failed check: ${check}`),
  ]
}

const fileText = ({ path, rows, bytes }: RunReport['files'][number]): string =>
  `${path} (${rows.toLocaleString('en')} rows, ${size(bytes)})`

/** Writes a report as JSON; errors with their fault, problem and place. */
export function reportJson(report: RunReport): string {
  const passes = report.passes.map(pass => ({
    ...pass,
    failed: pass.failed.map(({ unit, error }) => ({ unit, ...error.toJSON() })),
  }))
  return JSON.stringify({ ...report, passes }, null, 2)
}
