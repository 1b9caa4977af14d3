import { once } from 'node:events'

/** Writes to standard output at the pace of its reader. A reader that leaves (EPIPE, as `| head`) ends the stream quietly. */
export class StandardOutput {
  closed = false

  constructor() {
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') this.closed = true
    })
  }

  /** Resolves when more may be written; false when nobody reads any more. */
  async write(chunk: Uint8Array | string): Promise<boolean> {
    if (this.closed) return false
    // On one terminal the progress bar stands on the line where rows go next.
    if (process.stdout.isTTY && process.stderr.isTTY) process.stderr.write('\r\x1b[K')
    if (chunk.length === 0 || process.stdout.write(chunk)) return !this.closed
    await Promise.race([once(process.stdout, 'drain'), once(process.stdout, 'close')]).catch(() => undefined)
    return !this.closed
  }
}
