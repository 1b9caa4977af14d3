import type { Encoding, ParquetType } from 'hyparquet'
import type { DeltaCursor } from '../../wasm/delta.js'
import type { Memory } from '../../wasm/memory.js'
import { copyValues, joinStreams, stampsOf96, widenFloats } from '../../wasm/plain.js'
import { expandBits, type RunCursor } from '../../wasm/runs.js'
import type { Scratch } from '../../wasm/scratch.js'

/** Values of a column as they are held: floats widened, INT96 as ns, booleans as bytes. */
export type Values = Int32Array | BigInt64Array | Float64Array | Uint8Array

/** Decodes the next n >= 1 values that are present to `out`. Throws when the page has fewer. */
export type Decode<T extends Values = Values> = (n: number, out: T) => void

/** What decoders work with; one page at a time uses them. */
export interface Tools {
  memory: Memory
  runs: RunCursor
  delta: DeltaCursor
  suffixes: DeltaCursor
  scratch: Scratch<Uint8Array>
  lengths: Scratch<Int32Array>
}

/** Returns a new array in the kernels' memory for n values of a type; byte strings are held as codes. */
export function valuesOf(memory: Memory, type: ParquetType, n: number): Values {
  switch (type) {
    case 'BOOLEAN':
      return memory.u8(n)
    case 'INT64':
    case 'INT96':
      return memory.i64(n)
    case 'FLOAT':
    case 'DOUBLE':
      return memory.f64(n)
    default:
      return memory.i32(n)
  }
}

/** Returns the decoder of a page of numbers. Throws for an encoding that the type does not have. */
export function numbersOf(tools: Tools, body: Uint8Array, encoding: Encoding, type: ParquetType): Decode {
  const decode = DECODERS[encoding]?.(tools, body, type)
  if (!decode) throw new Error(`encoding ${encoding} of ${type} is unknown`)
  return decode as Decode
}

type Maker = (tools: Tools, body: Uint8Array, type: ParquetType) => Decode<never> | undefined

const DECODERS: Partial<Record<Encoding, Maker>> = {
  PLAIN: plain,
  RLE: (tools, body, type) => (type === 'BOOLEAN' ? booleanRuns(tools, body) : undefined),
  DELTA_BINARY_PACKED: (tools, body, type) => (type === 'INT32' || type === 'INT64' ? deltas(tools, body) : undefined),
  BYTE_STREAM_SPLIT: (tools, body, type) =>
    type === 'BOOLEAN' || type === 'INT96' ? undefined : streams(tools, body, type),
}

function plain({ memory }: Tools, body: Uint8Array, type: ParquetType): Decode<never> {
  let at = 0
  const take = (bytes: number): Uint8Array => {
    const rest = body.subarray(at)
    at += bytes
    return rest
  }
  switch (type) {
    case 'BOOLEAN':
      return (n: number, out: Uint8Array) => {
        expandBits(memory, body, at, n, out)
        at += n
      }
    case 'INT96':
      return (n: number, out: BigInt64Array) => stampsOf96(memory, take(n * 12), n, out)
    case 'FLOAT':
      return (n: number, out: Float64Array) => widenFloats(memory, take(n * 4), n, out)
    default:
      return (n: number, out: Exclude<Values, Uint8Array>) =>
        copyValues(memory, take(n * out.BYTES_PER_ELEMENT), n, out)
  }
}

function booleanRuns({ runs }: Tools, body: Uint8Array): Decode<Uint8Array> {
  const start = once(() => {
    if (body.length < 4) throw new Error('a page ends before its values')
    const size = new DataView(body.buffer, body.byteOffset).getUint32(0, true)
    runs.start(body.subarray(4, 4 + size), 1)
  })
  return (n, out) => {
    start()
    if (runs.levels(n, out) === n) out.fill(1)
  }
}

function deltas({ delta }: Tools, body: Uint8Array): Decode<Int32Array | BigInt64Array> {
  const start = once(() => delta.start(body))
  return (n, out) => {
    start()
    delta.values(n, out)
  }
}

/** Makes a function act when it is first called: a page of nulls alone may have no bytes to begin with. */
export function once<T>(act: () => T): () => T {
  let done: { value: T } | undefined
  return () => {
    done ??= { value: act() }
    return done.value
  }
}

function streams({ memory, scratch }: Tools, body: Uint8Array, type: ParquetType): Decode<never> {
  const width = type === 'INT32' || type === 'FLOAT' ? 4 : 8
  const all = wholeValues(body, width)
  let first = 0
  return (n: number, out: Exclude<Values, Uint8Array>) => {
    if (first + n > all) throw new Error(`a page holds ${all} values where ${first + n} are needed`)
    const bytes = type === 'FLOAT' ? scratch.of(n * 4) : new Uint8Array(out.buffer, out.byteOffset, n * width)
    joinStreams(memory, body, all, first, n, width, bytes)
    if (type === 'FLOAT') widenFloats(memory, bytes, n, out as Float64Array)
    first += n
  }
}

/** Returns how many values of `width` bytes a page is. */
export function wholeValues(body: Uint8Array, width: number): number {
  const all = body.length / width
  if (!Number.isInteger(all)) throw new Error(`a page of ${body.length} bytes is not of whole values of ${width}`)
  return all
}
