import { cpSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { folderFor } from '../exec/folder.js'
import { basalt, ROOT, shell } from './command.js'
import { sampleMarket } from './market.js'

t.setTimeout(600_000)

interface Help {
  command: string
  isGroup: boolean
  examples: string[]
}

/** Reads the help of a command and of all below it, as their help lists them. */
async function helpOf(path: string[], cwd: string): Promise<Help[]> {
  const { code, stdout } = await basalt([...path, '--help'], cwd)
  if (code !== 0) throw new Error(`basalt ${path.join(' ')} --help ended with ${code}`)
  const listed = /\nCommands:\n([\s\S]*?)(\n\n|$)/.exec(stdout)?.[1] ?? ''
  const names = [...listed.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name).filter(name => name !== 'help')
  const examples = [...stdout.matchAll(/^ {2}(basalt .+)$/gm)].map(([, line]) => line)
  const own = { command: ['basalt', ...path].join(' '), isGroup: names.length > 0, examples }
  const below: Help[] = []
  for (const name of names) below.push(...(await helpOf([...path, name], cwd)))
  return [own, ...below]
}

t.test('every command has an example, and every example runs', async t => {
  const folder = folderFor(t)
  cpSync(join(ROOT, 'configs/examples'), join(folder, 'configs/examples'), { recursive: true })
  await sampleMarket(folder)
  const helps = await helpOf([], folder)
  t.ok(helps.length >= 14, `${helps.length} commands`)
  for (const { command, isGroup, examples } of helps) {
    if (!isGroup || command === 'basalt') t.ok(examples.length > 0, `${command} --help has an example`)
  }
  // The example that writes a market comes last, with fewer trades: the others are quick over the small one.
  const writes = (line: string) => Number(line.includes(' sample '))
  const examples = [...new Set(helps.flatMap(each => each.examples))].sort((a, b) => writes(a) - writes(b))
  for (const line of examples) {
    const { code, stderr } = await shell(writes(line) ? `${line} --trades 500` : line, folder)
    t.equal(code, 0, `${line}${stderr && `: ${stderr}`}`)
  }
})
