import {
  deltaBytes,
  deltaOf,
  extremes,
  numberDistinct,
  runsOfBytes,
  runsOfCodes,
  slotBytes,
} from '../../../wasm/encode.js'
import { type Codec, DICTIONARY_SHARE } from './codec.js'
import type { Coding } from './coding.js'
import type { Room } from './room.js'

type Numbers = Float64Array | BigInt64Array | Int32Array

const SMALL = 0.1 // bytes a value: differences take as much where all are equal

export type Forced = 'plain' | 'dictionary' | 'delta'

/**
 * Chooses the smallest encoding of numbers: a dictionary, differences (of integers), or PLAIN. `forced` takes one where
 * it can be had: a dictionary gives up when nearly all values differ.
 */
export function codeNumbers<Values extends Numbers>(room: Room, values: Values, codec: Codec, forced?: Forced): Coding {
  const plain = codePlain(room, values)
  if (forced === 'plain' || values.length === 0) return plain
  const whole = !(values instanceof Float64Array)
  const limit = forced === 'dictionary' ? values.length : values.length >> 1
  const dictionary = forced === 'delta' ? undefined : codeDictionary(room, values, limit)
  const most = forced ? Infinity : values.byteLength * DICTIONARY_SHARE[codec]
  const best = dictionary && sizeOf(dictionary, values.length) < most ? dictionary : plain
  const size = best === plain ? values.byteLength : sizeOf(best, values.length)
  if (!whole || forced === 'dictionary' || size < values.length * SMALL) return best
  const steps = deltaBytes(room.memory, values)
  return forced || steps < size ? codeDelta(room, values, (steps * 8) / values.length) : best
}

const sizeOf = ({ dictionary, bits }: Coding, count: number): number => dictionary!.bytes.length + (bits * count) / 8

/** Stores flags as RLE, or one bit each when `forced` is plain. */
export function codeFlags(room: Room, values: Uint8Array, forced?: Forced): Coding {
  const plain = forced === 'plain'
  return {
    encoding: plain ? 'PLAIN' : 'RLE',
    bits: 1,
    bound: (from, to) => to - from + 64,
    put(from, to, into) {
      if (plain) {
        const bytes = (to - from + 7) >> 3
        into.fill(0, 0, bytes)
        for (let i = from; i < to; i++) if (values[i]) into[(i - from) >> 3] |= 1 << ((i - from) & 7)
        return bytes
      }
      return sizedRuns(room, values.subarray(from, to), into)
    },
    extremes(from, to) {
      const page = values.subarray(from, to)
      return [page.includes(0) ? 0 : 1, page.includes(1) ? 1 : 0]
    },
  }
}

/** Writes bytes of 0 and 1 as RLE, the length in 4 bytes before it. */
export function sizedRuns({ memory }: Room, values: Uint8Array, into: Uint8Array): number {
  const size = runsOfBytes(memory, values, into.subarray(4))
  new DataView(into.buffer, into.byteOffset).setUint32(0, size, true)
  return size + 4
}

function codePlain(room: Room, values: Numbers): Coding {
  const width = values.BYTES_PER_ELEMENT
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  // As they lie: little endian, like every platform Node runs on.
  const stored = (from: number, to: number) => bytes.subarray(from * width, to * width)
  return {
    encoding: 'PLAIN',
    bits: width * 8,
    bound: (from, to) => (to - from) * width,
    put(from, to, into) {
      into.set(stored(from, to))
      return (to - from) * width
    },
    stored,
    extremes: extremesOf(room, values),
  }
}

function codeDelta(room: Room, values: BigInt64Array | Int32Array, bits: number): Coding {
  return {
    encoding: 'DELTA_BINARY_PACKED',
    bits,
    bound: (from, to) => (to - from + 32) * 10 + 64,
    put: (from, to, into) => deltaOf(room.memory, values.subarray(from, to), into),
    extremes: extremesOf(room, values),
  }
}

function codeDictionary<Values extends Numbers>(room: Room, values: Values, limit: number): Coding | undefined {
  const distinct = room.like('distinct', values, limit)
  const codes = room.i32('codes', values.length)
  const slots = room.bytes('slots', slotBytes(limit))
  const entries = numberDistinct(room.memory, values, limit, slots, distinct, codes)
  if (entries < 0) return undefined
  const bytes = new Uint8Array(distinct.buffer, distinct.byteOffset, entries * distinct.BYTES_PER_ELEMENT)
  // Doubles have no third choice, and seldom runs: what the codes take at most says enough.
  const runs = codeRuns(room, codes, entries, !(values instanceof Float64Array))
  return { ...runs, dictionary: { bytes, entries }, extremes: extremesOf(room, values) }
}

/** Stores codes below `entries` as RLE; `measured` makes `bits` what they take, instead of the most. */
export function codeRuns(
  room: Room,
  codes: Int32Array,
  entries: number,
  measured: boolean,
): Pick<Coding, 'encoding' | 'bits' | 'bound' | 'put'> {
  const width = Math.max(1, 32 - Math.clz32(entries - 1))
  const bound = (from: number, to: number) => ((to - from) * width) / 8 + 64
  const size = () => runsOfCodes(room.memory, codes, width, room.bytes('trial', bound(0, codes.length)))
  return {
    encoding: 'RLE_DICTIONARY',
    bits: measured ? (size() * 8) / codes.length : width,
    bound,
    put(from, to, into) {
      into[0] = width
      return 1 + runsOfCodes(room.memory, codes.subarray(from, to), width, into.subarray(1))
    },
  }
}

function extremesOf<Values extends Numbers>(room: Room, values: Values): Coding['extremes'] {
  const ends = room.like('ends', values, 2)
  return (from, to) => {
    extremes(room.memory, values.subarray(from, to) as Values, ends)
    const [least, greatest]: Iterable<number> | Iterable<bigint> = ends
    if (least > greatest) return undefined // NaN alone
    // A bound of zero covers both zeros, as the format asks.
    return values instanceof Float64Array
      ? [least === 0 ? -0 : least, greatest === 0 ? 0 : greatest]
      : [least, greatest]
  }
}
