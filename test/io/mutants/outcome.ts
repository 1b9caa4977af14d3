import { createHash } from 'node:crypto'

/** What a value is, whatever the width it is held in; `other` is what the two readers hold too differently. */
export type Tag = 'int' | 'number' | 'flag' | 'text' | 'day' | 'stamp' | 'other'

/** What a reader made of a column. */
export type ColumnOutcome = ColumnRead | Refusal

/** The rows of a column, hashed. */
export interface ColumnRead {
  tag: Tag
  rows: number
  hash: string
  values?: string[] // in detail, as text
}

/** How a reader refused a file or a column. */
export interface Refusal {
  refused: string
  /** Basalt alone: whether it was the typed error that is owed, and with which fault. */
  fault?: string
  named?: boolean // the message has the path of the file
}

/** What a reader made of a file: columns by their position at the top of the schema, null where it was not asked. */
export interface Outcome {
  refusal?: Refusal // of the whole file
  names: string[]
  columns: (ColumnOutcome | null)[]
  /** Something a process must not survive, such as a database that has invalidated itself. */
  fatal?: boolean
}

/**
 * A function that reads a file. After a failure it need try no columns but those `wanted`, by position; values are kept
 * as text when `detail` is asked for.
 */
export type Reader = (path: string, wanted?: readonly number[], detail?: boolean) => Promise<Outcome>

/** Tells whether a column was read. */
export function wasRead(column: ColumnOutcome | null | undefined): column is ColumnRead {
  return column !== null && column !== undefined && 'hash' in column
}

/**
 * Hashes the rows of one column in a form that both readers' values can be brought into, however they are cut into
 * batches: 8 bytes a number with 0 where null, text as length and UTF-8, and a byte a row that tells nulls.
 */
export class ColumnDigest {
  private readonly hash = createHash('sha1')
  private readonly nulls = createHash('sha1')
  private readonly values: string[] | undefined
  private rows = 0

  constructor(
    private readonly tag: Tag,
    detail: boolean,
  ) {
    this.values = detail ? [] : undefined
  }

  /** Adds integers; those of null rows are set to 0. */
  integers(values: BigInt64Array, valid: Uint8Array): void {
    for (let i = 0; i < values.length; i++) if (!valid[i]) values[i] = 0n
    this.add(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), valid, i => String(values[i]))
  }

  /** Adds doubles. NaN and infinities are nulls, which is how Basalt reads them. */
  numbers(values: Float64Array, valid: Uint8Array): void {
    for (let i = 0; i < values.length; i++) {
      if (valid[i] && Number.isFinite(values[i])) continue
      valid[i] = 0
      values[i] = 0
    }
    const text = (i: number) => (Object.is(values[i], -0) ? '-0' : String(values[i]))
    this.add(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), valid, text)
  }

  /** Adds byte strings, null where there is none. */
  texts(values: readonly (Uint8Array | null)[]): void {
    const valid = Uint8Array.from(values, value => (value ? 1 : 0))
    const parts: Uint8Array[] = []
    for (const value of values) if (value) parts.push(lengthOf(value), value)
    this.add(Buffer.concat(parts), valid, i => JSON.stringify(Buffer.from(values[i]!).toString()))
  }

  private add(bytes: Uint8Array, valid: Uint8Array, text: (row: number) => string): void {
    this.hash.update(bytes)
    this.nulls.update(valid)
    this.rows += valid.length
    if (this.values) for (let i = 0; i < valid.length; i++) this.values.push(valid[i] ? text(i) : 'null')
  }

  /** Returns what was added. */
  outcome(): ColumnRead {
    const hash = this.hash.digest('base64') + this.nulls.digest('base64')
    return { tag: this.tag, rows: this.rows, hash, ...(this.values && { values: this.values }) }
  }
}

const lengths = Array.from({ length: 64 }, (_, length) => Buffer.from(Uint32Array.of(length).buffer))
const lengthOf = ({ length }: Uint8Array): Buffer => lengths[length] ?? Buffer.from(Uint32Array.of(length).buffer)
