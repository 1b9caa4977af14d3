import { decompressLz4Raw, decompressSnappy, decompressZstd } from 'hyparquet-compressors'
import t from 'tap'
import { memory } from '../../lib/wasm/memory.js'
import { unpackLz4, unpackSnappy, unpackZstd } from '../../lib/wasm/unpack.js'
import { zstdFrames } from './frames.js'
import { Guarded, randomOf, thrownBy } from './guarded.js'
import { lz4Tokens, snappyTokens, type Tokens } from './tokens.js'

type Unpack = typeof unpackSnappy
type Oracle = (packed: Uint8Array, size: number) => Uint8Array

/** Unpacks to an array of `size`; returns a copy of it, or the message of what was thrown. Guards must stay intact. */
function outcome(unpack: Unpack, packed: Uint8Array, size: number): Uint8Array | string {
  const from = Guarded.of(packed)
  const to = new Guarded(size)
  const fault = thrownBy(() => unpack(memory(), from.bytes, to.bytes))
  if (!from.intact || !to.intact) t.fail(`guards were written over: ${Buffer.from(packed).toString('hex')}`)
  const result = fault ?? to.bytes.slice()
  from.free()
  to.free()
  return result
}

const same = (a: Uint8Array | string, b: Uint8Array) => typeof a !== 'string' && Buffer.compare(a, b) === 0

/** Tries streams whole, for a wrong size, cut at every byte and with bytes changed. */
function tryAll(t: Tap, unpack: Unpack, streams: Tokens[], seed: number, oracle?: Oracle): void {
  const random = randomOf(seed)
  for (const { packed, plain } of streams) {
    t.ok(same(outcome(unpack, packed, plain.length), plain), `${packed.length} bytes make ${plain.length}`)
    if (oracle) t.ok(same(oracle(packed, plain.length), plain), 'as another decoder has it')
    for (const size of [plain.length - 1, plain.length + 1, 0]) {
      if (size >= 0 && size !== plain.length) t.type(outcome(unpack, packed, size), 'string', `for ${size} bytes`)
    }
    const step = packed.length > 1000 ? 1 + (packed.length >> 7) : 1
    let accepted = 0
    for (let n = plain.length > 0 ? 0 : 1; n < packed.length; n += step) {
      if (typeof outcome(unpack, packed.subarray(0, n), plain.length) !== 'string') accepted++
    }
    t.equal(accepted, 0, 'no part of it is accepted')
    for (let k = 0; k < 200; k++) {
      const changed = packed.slice()
      for (let i = 0; i <= k % 3; i++)
        changed[random(k % 2 ? Math.min(64, changed.length) : changed.length)] = random(256)
      outcome(unpack, changed, plain.length)
    }
  }
}

type Tap = Pick<typeof t, 'ok' | 'equal' | 'type'>

t.test('Snappy streams', async t => {
  const random = randomOf(1)
  const streams = [1, 2, 3, 10, 40, 40, 200].map(count => snappyTokens(random, count))
  tryAll(t, unpackSnappy, streams, 2, (packed, size) => decompressSnappy(packed, size))
  t.match(outcome(unpackSnappy, Uint8Array.of(4, 0, 65, 2, 0, 0), 4), /reaches back/, 'a distance of 0')
  t.match(outcome(unpackSnappy, Uint8Array.of(4, 0, 65, 10, 2, 0), 4), /reaches back/, 'a distance of 2 behind 1 byte')
  const copies = Uint8Array.from([4, 0, 65, ...Array(300).fill([254, 1, 0]).flat()])
  t.match(outcome(unpackSnappy, copies, 4), /more than is stated/, 'copies beyond the end')
  t.match(outcome(unpackSnappy, Uint8Array.of(1, 252, 255, 255, 255, 255, 65), 1), /early/, 'a literal of 4 GiB')
  t.match(outcome(unpackSnappy, Uint8Array.of(255, 255, 255, 255, 255, 255), 4), /header/, 'an endless size')
})

t.test('raw LZ4 blocks', async t => {
  const random = randomOf(3)
  const streams = [1, 2, 10, 40, 40, 200].map(count => lz4Tokens(random, count))
  for (const { packed, plain } of streams) {
    t.ok(same(outcome(unpackLz4, packed, plain.length), plain))
    t.ok(same(decompressLz4Raw(packed, plain.length), plain), 'as another decoder has it')
    // A block that is cut behind a literal is a whole one of fewer bytes, which the size gives away.
    for (let n = 0; n < Math.min(packed.length, 1000); n++) {
      if (typeof outcome(unpackLz4, packed.subarray(0, n), plain.length) !== 'string') t.fail(`cut at ${n}`)
    }
    for (let k = 0; k < 200; k++) {
      const changed = packed.slice()
      changed[random(changed.length)] = random(256)
      outcome(unpackLz4, changed, plain.length)
    }
  }
  t.match(outcome(unpackLz4, Uint8Array.of(0x10, 65, 0, 0), 9), /reaches back/)
})

t.test('Zstandard frames', async t => {
  tryAll(t, unpackZstd, zstdFrames(), 5, packed => decompressZstd(packed))
})
