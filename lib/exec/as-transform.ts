import { Duplex } from 'node:stream'
import { type Batches, type Operator, owned, type RecordBatch, type Registry } from '../core/index.js'

/**
 * Makes a Node stream of an operator: a Transform in object mode that takes and gives RecordBatches. It holds one batch
 * on each side, so a slow reader stops the writer. Batches that leave are owned: safe to keep.
 */
export function asTransform<P>(operator: Operator<P>, parameters: P, registry: Registry): Duplex {
  const inbox = new Inbox()
  const output = operator.run(inbox, parameters, { registry, where: {} })[Symbol.asyncIterator]()
  const stream = new Duplex({
    objectMode: true,
    readableHighWaterMark: 1,
    writableHighWaterMark: 1,
    write: (batch: RecordBatch, _encoding, done) => inbox.put(batch, done),
    final: done => inbox.end(done),
    read() {
      output.next().then(
        ({ value, done }) => {
          if (done) inbox.close() // an operator may need no more; what is still written is dropped
          this.push(done ? null : owned(value))
        },
        error => this.destroy(error),
      )
    },
    destroy: (error, done) => {
      inbox.close()
      Promise.resolve(output.return?.()).then(
        () => done(error),
        fault => done(error ?? fault),
      )
    },
  })
  return stream
}

/** Hands batches from a writer to a reader one at a time; the writer is answered when its batch has been taken. */
class Inbox implements Batches {
  private waiting: { batch: RecordBatch; done: (error?: Error | null) => void } | undefined
  private ended = false
  private wake: (() => void) | undefined

  put(batch: RecordBatch, done: (error?: Error | null) => void): void {
    if (this.ended) return done()
    this.waiting = { batch, done }
    this.wake?.()
  }

  end(done: () => void): void {
    this.ended = true
    this.wake?.()
    done()
  }

  close(): void {
    this.ended = true
    this.waiting?.done()
    this.waiting = undefined
    this.wake?.()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RecordBatch> {
    for (;;) {
      const { waiting } = this
      if (waiting) {
        this.waiting = undefined
        waiting.done()
        yield waiting.batch
      } else if (this.ended) return
      else {
        await new Promise<void>(resolve => {
          this.wake = resolve
        })
        this.wake = undefined
      }
    }
  }
}
