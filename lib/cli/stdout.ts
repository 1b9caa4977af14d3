/** Writes to standard output at the pace of its reader. A reader that leaves (EPIPE, as `| head`) ends the stream quietly. */
export class StandardOutput {
  closed = false
  private wake: (() => void) | undefined

  /** `signal` ends waiting for a reader that stands still. */
  constructor(private readonly signal?: AbortSignal) {
    signal?.addEventListener('abort', () => this.wake?.())
    process.stdout.on('drain', () => this.wake?.())
    process.stdout.on('close', () => this.leave())
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') this.leave()
    })
  }

  /** Resolves when more may be written; false when nobody reads any more. */
  async write(chunk: Uint8Array | string): Promise<boolean> {
    if (this.closed) return false
    if (chunk.length === 0 || process.stdout.write(chunk)) return !this.closed
    await new Promise<void>(resolve => {
      this.wake = resolve
    })
    this.signal?.throwIfAborted()
    return !this.closed
  }

  private leave(): void {
    this.closed = true
    this.wake?.()
  }
}
