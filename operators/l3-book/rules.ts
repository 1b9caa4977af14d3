import type { Impossible } from './impossible.js'

/** What a replay does about messages, and whom it tells. */
export interface Rules {
  /** Size of updates and executions is what the message takes, not what rests after it. */
  changes: boolean
  /** Throws, or counts and lets the replay go on with what is possible. */
  impossible(row: number, kind: Impossible): void
  count(name: string, more: number): void
}
