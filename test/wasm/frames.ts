import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decompressZstd } from 'hyparquet-compressors'
import type { Tokens } from './tokens.js'

const folder = join(import.meta.dirname, '../../../test/fixtures/zstd')

/** Joins frames, with one between them that decoders skip. */
function joined(a: Tokens, b: Tokens): Tokens {
  const skipped = Uint8Array.of(0x5e, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3)
  return { packed: Buffer.concat([a.packed, skipped, b.packed]), plain: Buffer.concat([a.plain, b.plain]) }
}

/**
 * Returns frames that the reference compressor made: market data as text and as stamps, at several levels, bytes that
 * repeat and that do not. Most end in a checksum. What they hold is what another decoder says.
 */
export function zstdFrames(): Tokens[] {
  const frames = readdirSync(folder).map((name): Tokens => {
    const packed = new Uint8Array(readFileSync(join(folder, name)))
    return { packed, plain: decompressZstd(packed) }
  })
  const bySize = frames.toSorted((a, b) => a.packed.length - b.packed.length)
  return [...frames, joined(bySize[3], bySize[1])]
}
