import { existsSync, statSync } from 'node:fs'
import { Command } from 'commander'
import { BasaltError, nearest } from '../core/index.js'
import { targetPlace } from '../plan/index.js'
import { loadConfig } from '../prepare.js'
import { collectGarbage, Records, RUNS_FOLDER, type RunRecord } from '../runs/index.js'
import { size } from './progress.js'
import { textTable } from './table.js'

const FOLDER = ['[place]', 'folder of outputs, or the config that writes to it', 'basalt-out'] as const

export function runsCommand(): Command {
  const runs = new Command('runs').description('Shows what runs did, and clears away what broken ones left.')
  runs
    .command('list')
    .description('Lists the runs that wrote to a place.')
    .argument(...FOLDER)
    .option('--json', 'print them as JSON')
    .addHelpText('after', '\nExample:\n  basalt runs list basalt-out')
    .action(list)
  runs
    .command('show')
    .description('Shows the manifest of a run: inputs, units, files with their checksums.')
    .argument('<run>', 'a run, by its name or the beginning of it; last is the last one')
    .argument(...FOLDER)
    .option('--json', 'print it as JSON')
    .addHelpText('after', '\nExample:\n  basalt runs show last basalt-out')
    .action(show)
  runs
    .command('gc')
    .description('Removes what runs that are gone left half done. Outputs and manifests stay.')
    .argument(...FOLDER)
    .option('--all', 'also what an interrupted run would go on from')
    .option('--dry-run', 'only say what would be removed')
    .option('--temp-dir <path>', 'folder of spilled data')
    .addHelpText('after', '\nExample:\n  basalt runs gc basalt-out --dry-run')
    .action(gc)
  return runs
}

async function list(place: string, flags: { json?: boolean }): Promise<void> {
  const records = (await Promise.all((await foldersOf(place)).map(folder => new Records(folder).all()))).flat()
  if (flags.json) return console.log(JSON.stringify(records, null, 2))
  if (records.length === 0) return console.log(`no run has written to ${place}`)
  const cells = records.map(record => [
    record.run,
    record.status,
    secondsOf(record),
    record.passes.map(({ pass }) => pass).join(' '),
    String(record.files.filter(({ state }) => state === 'written').length),
    record.memory.peak === null ? '' : size(record.memory.peak),
  ])
  console.log(textTable(['run', 'status', 'seconds', 'passes', 'files', 'peak memory'], cells))
}

const secondsOf = ({ started, ended }: RunRecord): string =>
  ended === null ? '' : ((Date.parse(ended) - Date.parse(started)) / 1000).toFixed(1)

async function show(name: string, place: string, flags: { json?: boolean }): Promise<void> {
  const records = (await Promise.all((await foldersOf(place)).map(folder => new Records(folder).all()))).flat()
  const found = name === 'last' ? records.at(-1) : records.find(({ run }) => run.startsWith(name))
  if (!found) {
    const names = records.map(({ run }) => run)
    const near = nearest(name, names)
    const hint = near ? `did you mean ${near}?` : names.length > 0 ? `the last is ${names.at(-1)}` : 'there is none'
    throw new BasaltError('config', `no run '${name}' has written to ${place}; ${hint}`)
  }
  console.log(flags.json ? JSON.stringify(found, null, 2) : recordText(found))
}

function recordText(record: RunRecord): string {
  const { run, status, started, ended, code, config, inputs, passes, files, memory, bytes, problem } = record
  const input = inputs.reduce((total, each) => total + each.bytes, 0)
  const peak = memory.peak === null ? '' : `, of which ${size(memory.peak)} were used`
  const units = passes.flatMap(pass =>
    pass.units.map(({ unit, state, rowsIn, rowsOut, seconds, problem }) => [
      unit,
      state,
      rowsIn?.toLocaleString('en') ?? '',
      rowsOut?.toLocaleString('en') ?? '',
      seconds?.toFixed(2) ?? '',
      problem ?? '',
    ]),
  )
  const standing = passes.filter(pass => pass.standing > 0)
  return [
    `run ${run}: ${status}${problem ? `: ${problem}` : ''}`,
    `from ${started} to ${ended ?? '(it did not end)'}, by Basalt ${code}`,
    `config ${config.slice(0, 16)}, ${inputs.length} files of input (${size(input)}), memory budget ${size(memory.budget)}${peak}`,
    `read ${size(bytes.read)}, spilled ${size(bytes.spilled)}, wrote ${size(bytes.written)}`,
    ...standing.map(pass => `${pass.pass}: ${pass.standing} units were done already`),
    ...(units.length > 0 ? ['', textTable(['unit', 'state', 'rows in', 'rows out', 'seconds', 'problem'], units)] : []),
    ...(files.length > 0
      ? [
          '',
          textTable(
            ['file', 'state', 'rows', 'size', 'sha256'],
            files.map(file => [
              file.path,
              file.state,
              file.rows.toLocaleString('en'),
              size(file.bytes),
              file.sha256.slice(0, 16),
            ]),
          ),
        ]
      : []),
  ].join('\n')
}

async function gc(place: string, flags: { all?: boolean; dryRun?: boolean; tempDir?: string }): Promise<void> {
  for (const folder of await foldersOf(place)) {
    const { removed, bytes, kept } = await collectGarbage(folder, flags)
    for (const path of removed) console.log(`${flags.dryRun ? 'would remove' : 'removed'} ${path}`)
    for (const text of kept) console.log(`kept ${text}`)
    console.log(
      removed.length === 0 ? `${folder}: nothing to remove` : `${folder}: ${removed.length} leftovers, ${size(bytes)}`,
    )
  }
}

/** Returns the folders of outputs that a place means: itself, or those that a config writes to. */
async function foldersOf(place: string): Promise<string[]> {
  if (existsSync(place) && statSync(place).isDirectory()) return [place]
  if (!/\.(ya?ml|json|[cm]?[jt]s)$/.test(place)) {
    const hint = `name the folder of outputs, in which ${RUNS_FOLDER} lies, or the config that writes to it`
    throw new BasaltError('config', `there is no folder ${place}; ${hint}`)
  }
  const { loaded } = await loadConfig([place])
  const { OUTPUT_TARGET, PASSES, DATASETNAME } = loaded.config
  const targets = [OUTPUT_TARGET, ...PASSES.flatMap(({ output, extra_outputs }) => [output, ...extra_outputs])]
  const naming = {
    names: { datasetname: DATASETNAME, pass: '', universe: '' },
    dates: { from: 0, to: 0 },
    frequency: null,
  }
  const folders = new Set(targets.map(target => targetPlace(target, naming).folder))
  return [...folders].filter(folder => existsSync(folder))
}
