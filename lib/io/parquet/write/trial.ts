import { COMPRESSORS, type Codec } from './codec.js'
import type { Coding } from './coding.js'
import { type Packed, packed } from './pages.js'
import type { Room } from './room.js'
import type { Span } from './spans.js'

/** The codec of a chunk, and what was compressed to find out. */
export interface Trial {
  codec: Codec
  dictionary?: Packed
  /** A page that is compressed already. */
  page?: Span
  body?: Packed
}

/** Returns the codec, or none where the dictionary and the middle page say that it would save too little. */
export function tryCodec(
  room: Room,
  { dictionary }: Coding,
  pages: readonly Span[],
  bodyOf: (page: Span) => Uint8Array,
  codec: Codec,
): Trial {
  const words = dictionary?.bytes ?? new Uint8Array(0)
  const stored = { codec: 'none' as const, dictionary: { bytes: words, size: words.length } }
  if (codec === 'none' || pages.length === 0) return stored
  const page = pages[pages.length >> 1]
  const trial = {
    codec,
    dictionary: dictionary && packed(room, codec, words, 'packed'),
    page,
    body: packed(room, codec, bodyOf(page), 'trial'),
  }
  const size = trial.body.size * pages.length + words.length
  const left = trial.body.bytes.length * pages.length + (trial.dictionary?.bytes.length ?? 0)
  return size - left >= size * COMPRESSORS[codec].worth ? trial : stored
}
