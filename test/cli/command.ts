import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { stringify } from 'yaml'

const root = resolve(import.meta.dirname, '../../..')

/** The command that users get, and the root of the package. */
export const MAIN = join(root, 'dist/bundle/cli.js')
export const ROOT = root

export const fixture = (name: string): string => join(root, 'test/fixtures', name)

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

/** Starts `basalt` with arguments, without the hooks that the test runner puts into every process: they cost a second. */
export function start(args: string[], options: SpawnOptions = {}): ChildProcess {
  const [command, ...before] =
    process.platform === 'win32' ? [process.execPath] : ['env', '-u', 'NODE_OPTIONS', process.execPath]
  return spawn(command, [...before, MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'], ...options })
}

/** Waits for a process that was started and returns its exit code and what it wrote. */
export function ended(child: ChildProcess): Promise<Ended> {
  const parts = { stdout: [] as Buffer[], stderr: [] as Buffer[] }
  child.stdout?.on('data', part => parts.stdout.push(part))
  child.stderr?.on('data', part => parts.stderr.push(part))
  const text = (name: keyof typeof parts) => Buffer.concat(parts[name]).toString('utf8')
  return new Promise((done, fail) => {
    child.on('error', fail)
    child.on('close', code => done({ code, stdout: text('stdout'), stderr: text('stderr') }))
  })
}

/** Runs `basalt` with arguments in a folder. */
export const basalt = (args: string[], cwd: string): Promise<Ended> => ended(start(args, { cwd }))

/** Runs a line in a shell in which `basalt` is the built command. */
export function shell(line: string, cwd: string): Promise<Ended> {
  const defined = `unset NODE_OPTIONS; set -o pipefail; basalt() { "${process.execPath}" "${MAIN}" "$@"; }; ${line}`
  return ended(spawn('bash', ['-c', defined], { cwd, stdio: ['ignore', 'pipe', 'pipe'] }))
}

/** Writes a config file and returns its name. */
export function configFile(folder: string, config: object, name = 'config.yaml'): string {
  writeFileSync(join(folder, name), stringify(config))
  return name
}
