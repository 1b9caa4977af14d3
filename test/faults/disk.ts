import { createHash } from 'node:crypto'
import { dirname } from 'node:path'

/** One call by which a process changed what is on disk, as `inject.ts` logs it. */
export interface Call {
  op: 'write' | 'fsync' | 'rename' | 'unlink'
  path: string
  to?: string // of a rename
  at?: number // of a write
  bytes?: string // base64
  directory?: boolean // of an fsync
}

interface File {
  /** Writes by number, and whether an fsync of the file came after. */
  writes: { at: number; bytes: Buffer; lasting: boolean }[]
}

/** A change of a directory: a name gets a file, or loses it. */
interface Naming {
  path: string
  file: File | null
  lasting: boolean
}

/**
 * What a disk may hold when power fails at some point: calls that an fsync covers are there, of the others any may be
 * missing. Content is made to last by an fsync of the file, names by one of their directory.
 */
export class Disk {
  private readonly files = new Map<string, File>() // as the process sees them
  private readonly namings: Naming[] = []

  constructor(standing: ReadonlyMap<string, Buffer>) {
    for (const [path, bytes] of standing) {
      const file = { writes: [{ at: 0, bytes, lasting: true }] }
      this.files.set(path, file)
      this.namings.push({ path, file, lasting: true })
    }
  }

  apply(call: Call): void {
    const { op, path } = call
    if (op === 'write') {
      const file = this.files.get(path) ?? this.named(path, { writes: [] })
      file.writes.push({ at: call.at ?? 0, bytes: Buffer.from(call.bytes ?? '', 'base64'), lasting: false })
    } else if (op === 'fsync' && call.directory) {
      for (const naming of this.namings) if (dirname(naming.path) === path) naming.lasting = true
    } else if (op === 'fsync') {
      for (const write of this.files.get(path)?.writes ?? []) write.lasting = true
    } else if (op === 'unlink') {
      if (this.files.delete(path)) this.namings.push({ path, file: null, lasting: false })
    } else {
      const file = this.files.get(path)
      if (!file) return
      this.files.delete(path)
      this.namings.push({ path, file: null, lasting: false })
      this.named(call.to as string, file)
    }
  }

  private named(path: string, file: File): File {
    this.files.set(path, file)
    this.namings.push({ path, file, lasting: false })
    return file
  }

  /** Returns the files after a power cut; `lost` decides of each call that no fsync covers. */
  after(lost: () => boolean): Map<string, Buffer> {
    const names = new Map<string, File>()
    for (const { path, file, lasting } of this.namings) {
      if (!lasting && lost()) continue
      if (file) names.set(path, file)
      else names.delete(path)
    }
    return new Map([...names].map(([path, { writes }]) => [path, contentOf(writes, lost)]))
  }
}

function contentOf(writes: File['writes'], lost: () => boolean): Buffer {
  const kept = writes.filter(({ lasting }) => lasting || !lost())
  // What is missing in between reads as zeros.
  const content = Buffer.alloc(Math.max(0, ...kept.map(({ at, bytes }) => at + bytes.length)))
  for (const { at, bytes } of kept) bytes.copy(content, at)
  return content
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
