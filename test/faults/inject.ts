// Loaded into a process before the command (`node --import`): counts the calls by which it changes what is on disk below
// some folders, and at one of them breaks it or the call. Said by BASALT_FAULT, `{fault}:{call number}`:
//   kill   the process is gone before the call       torn   half of what is written gets there, then the process is gone
//   EIO, ENOSPC, …                                   the call fails with this error
// and by BASALT_FAULT_BELOW, folders separated by colons. BASALT_FAULT_COUNT names a file for the number of calls and
// what they were, written when the process ends. BASALT_FAULT_IN_PLACE plants a mistake: files are written under their own
// names at once, as if there were no step by which they appear. BASALT_FAULT_LOG names a file for the calls themselves, with
// what they write (see disk.ts). BASALT_FAULT_READS, `{error}:{count}`, lets so many reads of Parquet files fail.
import fs from 'node:fs'
import promises from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { resolve } from 'node:path'
import { isMainThread } from 'node:worker_threads'
import type { Call } from './disk.js'

const [fault, number] = (process.env.BASALT_FAULT ?? ':0').split(':')
const below = (process.env.BASALT_FAULT_BELOW ?? '').split(':').map(folder => resolve(folder))
const calls: string[] = []

/** Returns what a call writes, halved; undefined where it goes on as it is. */
type Outcome = 'go on' | 'half'

/** Counts a call; at the one that is meant, the process ends or the call throws. */
function meet(name: string, path: unknown): Outcome {
  const place = resolve(String(path))
  if (!below.some(folder => place.startsWith(folder))) return 'go on'
  calls.push(`${name} ${place}`)
  if (calls.length !== Number(number)) return 'go on'
  if (fault === 'kill') die()
  if (fault === 'torn') return name === 'write' ? 'half' : die()
  throw Object.assign(new Error(`${fault}: injected at ${name}`), { code: fault, errno: -5, syscall: name })
}

function die(): never {
  process.kill(process.pid, 'SIGKILL')
  for (;;); // the signal comes when it comes; nothing may happen until then
}

// biome-ignore lint/suspicious/noExplicitAny: calls are handed on as they come.
type Any = any

const { BASALT_FAULT_LOG: logFile, BASALT_FAULT_READS: reads = ':0' } = process.env
const real = { appendFileSync: fs.appendFileSync }

/** Logs a call that changes what is on disk. */
function log(call: Call): void {
  const path = resolve(call.path)
  if (logFile === undefined || !below.some(folder => path.startsWith(folder))) return
  real.appendFileSync(logFile, `${JSON.stringify({ ...call, path })}\n`)
}

const inPlace = process.env.BASALT_FAULT_IN_PLACE !== undefined
/** Returns the name that a half-written file is to have in the end. */
const finalName = (path: string): string => (inPlace ? path.replace(/\.([^/]*)\.[0-9a-f]{12}\.tmp$/, '$1') : path)

if (isMainThread) {
  const paths = new Map<number, string>() // by descriptor, of files opened by the calls below
  const open = promises.open
  let patched = false
  promises.open = (async (path: Any, flags: Any, ...rest: Any[]) => {
    if (flags !== undefined && flags !== 'r') meet('open', path)
    const handle = await (inPlace && flags === 'wx' ? open(finalName(path), 'w', ...rest) : open(path, flags, ...rest))
    paths.set(handle.fd, String(path))
    if (!patched) {
      patched = true
      patchHandles(Object.getPrototypeOf(handle), paths)
    }
    return handle
  }) as typeof open
  for (const name of ['mkdir', 'unlink', 'rm'] as const) wrap(promises, name, 0)
  wrap(promises, 'rename', 1)
  const { rename } = promises
  promises.rename = async (from, to) => {
    if (finalName(String(from)) !== from) return
    await rename(from, to)
    log({ op: 'rename', path: String(from), to: String(to) })
  }
  for (const name of ['unlink', 'rm'] as const) {
    const remove = promises[name] as (path: string, ...more: Any[]) => Promise<void>
    promises[name] = (async (path: string, ...more: Any[]) => {
      await remove(path, ...more)
      log({ op: 'unlink', path })
    }) as Any
  }
  for (const name of ['mkdirSync', 'rmSync', 'mkdtempSync'] as const) wrap(fs, name, 0)
  wrap(fs, 'renameSync', 1)
  const openSync = fs.openSync
  fs.openSync = ((path: Any, flags: Any, ...rest: Any[]) => {
    if (flags !== undefined && flags !== 'r') meet('open', path)
    const fd = openSync(path, flags, ...rest)
    paths.set(fd, String(path))
    return fd
  }) as typeof openSync
  const writeSync = fs.writeSync as Any
  fs.writeSync = ((fd: number, bytes: Uint8Array, at: number, length: number, position: number) => {
    if (meet('write', paths.get(fd)) === 'half') {
      writeSync(fd, bytes, at, length >> 1, position)
      die()
    }
    return writeSync(fd, bytes, at, length, position)
  }) as Any
  syncBuiltinESMExports()
  process.on('exit', () => {
    const { BASALT_FAULT_COUNT: into } = process.env
    if (into) fs.writeFileSync(into, calls.join('\n'))
  })
}

function wrap(module: Any, name: string, argument: number): void {
  const real = module[name]
  const isAsync = module === promises
  module[name] = isAsync
    ? async (...given: Any[]) => {
        meet(name, given[argument])
        return real(...given)
      }
    : (...given: Any[]) => {
        meet(name, given[argument])
        return real(...given)
      }
}

function patchHandles(prototype: Any, paths: ReadonlyMap<number, string>): void {
  const { write, sync, read, stat } = prototype
  let [, left] = reads.split(':').map(Number)
  prototype.read = async function (this: Any, ...given: Any[]) {
    if (left > 0 && paths.get(this.fd)?.endsWith('.parquet')) {
      left--
      const [code] = reads.split(':')
      throw Object.assign(new Error(`${code}: injected at read`), { code })
    }
    return read.apply(this, given)
  }
  prototype.write = async function (this: Any, bytes: Any, at: Any, length: Any, position: Any) {
    if (meet('write', paths.get(this.fd)) === 'half') {
      await write.call(this, bytes, at, length >> 1, position)
      die()
    }
    const written = await write.call(this, bytes, at, length, position)
    const part = Buffer.from(bytes.buffer, bytes.byteOffset + at, written.bytesWritten).toString('base64')
    log({ op: 'write', path: paths.get(this.fd) ?? '', at: position, bytes: part })
    return written
  }
  prototype.sync = async function (this: Any) {
    const path = paths.get(this.fd) ?? ''
    meet('fsync', path)
    await sync.call(this)
    log({ op: 'fsync', path, directory: (await stat.call(this)).isDirectory() })
  }
}
