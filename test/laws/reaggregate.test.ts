import { readFile } from 'node:fs/promises'
import t, { type Test } from 'tap'
import { basalt } from '../../lib/basalt.js'
import { basketConfig, basketMarket, writeMembers } from '../differential/baskets.js'
import { folderFor } from '../exec/folder.js'

t.setTimeout(120_000)

t.test('nothing about the shape of a run, or the order of a membership, is in its baskets', async t => {
  const root = folderFor(t)
  await basketMarket(root)
  const expected = await filesOf(t, root, { workers: 1, spill: 'auto' })
  t.equal(expected.length, 2)
  const shapes = [
    { spill: 'always' },
    { workers: 2, spill: 'always', batch_rows: 17 },
    { workers: 2, memory_budget: '64MB' },
  ]
  for (const shape of shapes) same(t, expected, await filesOf(t, root, shape), JSON.stringify(shape))
  await writeMembers(root, 'IndexId DESC, "Date" DESC, ListingId DESC')
  same(t, expected, await filesOf(t, root, {}), 'another order of the membership')
  // Who is in which basket does show.
  await writeMembers(root, 'ListingId LIMIT 12')
  const other = await filesOf(t, root, {})
  t.notOk(other[0].equals(expected[0]), 'another membership')
})

async function filesOf(t: Test, root: string, EXECUTION: Record<string, unknown>): Promise<Buffer[]> {
  const out = folderFor(t)
  const target = { root: out, path_template: '{root}/{pass}.parquet' }
  const { files } = await basalt({ ...basketConfig(root), EXECUTION, OUTPUT_TARGET: target }).run({
    passes: ['daily', 'bucket'],
  })
  return Promise.all(files.map(({ path }) => readFile(path)))
}

function same(t: Test, expected: Buffer[], found: Buffer[], name: string): void {
  for (const [i, bytes] of expected.entries()) t.ok(bytes.equals(found[i]), `${name}, file ${i}`)
}
