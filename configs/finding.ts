import type { Path } from './path.js'

/** A problem of a config, by path. */
export interface Finding {
  path: Path
  problem: string
  hint?: string
  warning?: boolean
  /** Points at the key rather than the value. */
  atKey?: boolean
}
