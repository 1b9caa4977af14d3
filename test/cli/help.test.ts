import { cpSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { folderFor } from '../exec/folder.js'
import { basalt, ROOT, shell } from './command.js'
import { sampleMarket } from './market.js'

t.setTimeout(300_000)

/** Every command path, as the help of the commands lists them. */
async function commandsBelow(path: string[], cwd: string): Promise<string[][]> {
  const { stdout } = await basalt([...path, '--help'], cwd)
  const listed = /\nCommands:\n([\s\S]*?)(\n\n|$)/.exec(stdout)?.[1] ?? ''
  const names = [...listed.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name).filter(name => name !== 'help')
  const below = await Promise.all(names.map(name => commandsBelow([...path, name], cwd)))
  return [path, ...below.flat()]
}

t.test('every command has an example, and every example runs', async t => {
  const folder = folderFor(t)
  cpSync(join(ROOT, 'configs/examples'), join(folder, 'configs/examples'), { recursive: true })
  await sampleMarket(folder)
  const examples = new Set<string>()
  const commands = await commandsBelow([], folder)
  t.ok(commands.length >= 14, `${commands.length} commands`)
  for (const path of commands) {
    const { code, stdout } = await basalt([...path, '--help'], folder)
    t.equal(code, 0)
    const shown = [...stdout.matchAll(/^ {2}(basalt .+)$/gm)].map(([, line]) => line)
    const isGroup = /\nCommands:\n/.test(stdout)
    if (!isGroup || path.length === 0) t.ok(shown.length > 0, `basalt ${path.join(' ')} --help has an example`)
    for (const line of shown) examples.add(line)
  }
  // The sample market comes first: others read it.
  for (const line of [...examples].sort((a, b) => Number(b.includes(' sample ')) - Number(a.includes(' sample ')))) {
    const { code, stderr } = await shell(line, folder)
    t.equal(code, 0, `${line}${stderr && `: ${stderr}`}`)
  }
})
