import t from 'tap'
import type { Column, SpillPlace, SpillSpace } from '../../lib/core/index.js'
import { BarQueue, Joining } from '../../lib/fold/bar-queue.js'
import { BarStore } from '../../lib/fold/bar-store.js'

/** A disk in memory. */
class Disk implements SpillSpace {
  readonly blocks: Uint8Array[] = []
  reads = 0

  put(bytes: Uint8Array): SpillPlace {
    return { offset: this.blocks.push(bytes.slice()) - 1, length: bytes.length, crc: 0 }
  }

  get({ offset }: SpillPlace, into: Uint8Array): void {
    this.reads++
    into.set(this.blocks[offset])
  }
}

const LISTINGS = 40
const ranks = Int32Array.from({ length: LISTINGS }, (_, entity) => (entity * 7) % LISTINGS)

/** Bars of every listing at some minutes, the listings in the order of their ranks. */
function bars(first: number, count: number) {
  const order = [...ranks.keys()].sort((a, b) => ranks[a] - ranks[b])
  const rows = order.flatMap(entity => Array.from({ length: count }, (_, k) => ({ entity, label: first + k })))
  const volume: Column = {
    type: 'f64',
    values: Float64Array.from(rows, ({ entity, label }) => entity * 1000 + label),
    valid: Uint8Array.from(rows, ({ label }) => label % 3),
  }
  const text: Column = {
    type: 'str',
    values: Int32Array.from(rows, ({ label }) => label % 2),
    valid: null,
    dictionary: { words: first > 50 ? ['even', 'odd'] : ['odd', 'even'] },
  }
  if (first <= 50) for (let i = 0; i < text.values.length; i++) (text.values as Int32Array)[i] ^= 1
  const labels: Column = { type: 'f64', values: Float64Array.from(rows, ({ label }) => label), valid: null }
  const columns = new Map(Object.entries({ label: labels, volume, parity: text }))
  return { frame: { rows: rows.length, columns }, entities: Int32Array.from(rows, ({ entity }) => entity) }
}

/** Puts bars in, spilling after some of them, and returns how they leave, and the bytes that are counted then. */
function leaving(spillAfter: readonly number[], disk: Disk): { rows: string[]; counted: number; most: number } {
  let counted = 0
  let most = 0
  const store = new BarStore(['volume', 'parity'], false, bytes => {
    counted += bytes
    most = Math.max(most, counted)
  })
  for (const [i, first] of [100, 0, 40].entries()) {
    const { frame, entities } = bars(first, 30)
    store.put(frame, entities, true)
    if (spillAfter.includes(i)) store.spill(disk, ranks)
  }
  const queue = new BarQueue()
  const rows: string[] = []
  for (const key of [...store.keys].sort((a, b) => ranks[a] - ranks[b])) {
    queue.push(store.take(key, ranks))
    const joining = new Joining(queue.take(queue.rows))
    const [volume, parity] = [0, 1].map(c => joining.column(c, () => store.wordsOf(c)))
    const entities = joining.ints(each => each.entities)
    const labels = joining.doubles(each => each.labels)
    joining.done()
    for (let k = 0; k < joining.count; k++) {
      const word = parity.type === 'str' ? parity.dictionary.words[parity.values[k]] : ''
      rows.push([entities[k], labels[k], volume.valid?.[k] ? volume.values[k] : null, word].join(' '))
    }
  }
  return { rows, counted, most }
}

t.test('bars leave in the same order with the same values, whether they waited in memory or on disk', async t => {
  const expected = leaving([], new Disk())
  t.equal(expected.rows.length, 3 * 30 * LISTINGS)
  t.match(expected.rows[1], /^0 1 1 odd$/)
  t.equal(expected.counted, 0, 'memory is given back')
  for (const after of [[2], [0, 2], [0, 1, 2], [1]]) {
    const disk = new Disk()
    const found = leaving(after, disk)
    t.strictSame(found.rows, expected.rows, `spilled after ${after}`)
    t.ok(disk.blocks.length > 1)
    t.equal(disk.reads, disk.blocks.length, 'every block comes back once')
    t.equal(found.counted, 0)
  }
})
