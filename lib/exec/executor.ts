import type { Partial } from '../core/index.js'
import type { EncodeGroup } from '../io/index.js'
import { type Shredding, type ShredOrder, shred } from './shred.js'
import { type FoldContext, foldStretch, type Stretch } from './stretch.js'

/** Folds stretches somewhere. `credits` is how many may be under way at once: its backpressure. */
export interface Executor {
  readonly credits: number
  /** Folds a stretch; what each of its row groups leaves is handed out in their order. */
  fold(stretch: Stretch, onPartial: (partial: Partial) => void): Promise<void>
  /** Puts row groups on disk by listing. */
  shred(order: ShredOrder): Promise<Shredding>
  /** Encodes a row group of the output on another thread, where there is one, before what is still to be folded. */
  encode?: EncodeGroup
  /** Has other threads give back what nobody needs any more. */
  collect?(): void
  close(): Promise<void>
}

/** Folds in this thread, one stretch at a time. */
export function inlineExecutor(context: FoldContext, close: () => Promise<void>): Executor {
  return {
    credits: 1,
    close,
    shred: order => shred(order, context),
    async fold(stretch, onPartial) {
      for await (const partial of foldStretch(stretch, context)) onPartial(partial)
    },
  }
}
