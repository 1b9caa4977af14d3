import type { Partial } from '../core/index.js'
import { type FoldContext, type FoldTask, foldRowGroup } from './unit.js'

/** Folds row groups somewhere. `credits` is how many tasks may be under way at once: its backpressure. */
export interface Executor {
  readonly credits: number
  fold(task: FoldTask): Promise<Partial>
  close(): Promise<void>
}

/** Folds in this thread, one row group at a time. */
export function inlineExecutor(context: FoldContext, close: () => Promise<void>): Executor {
  return { credits: 1, fold: task => foldRowGroup(task, context), close }
}
