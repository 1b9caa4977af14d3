import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { BasaltError } from '../../lib/core/error.js'
import { columnsOf } from '../../lib/core/expr.js'
import { describeFile } from '../../lib/io/dataset.js'
import { close } from '../../lib/io/parquet/index.js'
import { Random } from '../../operators/simulation/random.js'
import { folderFor } from '../exec/folder.js'
import { assembled, CHUNK, FILE, footerOf, GROUP } from './mutants/anatomy.js'
import { mutatedBytes, mutateField, placesIn } from './mutants/fields.js'
import { intOf, setField, structsOf } from './mutants/struct.js'
import { I32, I64, readStruct, type Struct, writeStruct } from './mutants/thrift.js'
import { bindingsOf } from './shared.js'
import { CLUSTERED, conditionOf, fileOf, meeting, read, SEED, same } from './wanted-rows.js'

t.setTimeout(300_000)
t.teardown(() => close())

/** Replaces an index of one chunk by another, which is put in front of the footer. */
function withIndex(
  bytes: Buffer,
  group: number,
  column: number,
  ids: readonly number[],
  change: (index: Struct) => Uint8Array,
) {
  const footer = footerOf(bytes)
  const chunk = structsOf(structsOf(footer, FILE.rowGroups)[group], GROUP.columns)[column]
  const [offset, length] = ids.map(id => intOf(chunk, id))
  if (offset === undefined || length === undefined) return undefined
  const end = bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8)
  const index = change(readStruct(bytes, offset).struct)
  setField(chunk, ids[0], I64, BigInt(end))
  setField(chunk, ids[1], I32, BigInt(index.length))
  return assembled([bytes.subarray(0, end), index], footer)
}

/** Lets a page begin some rows earlier or later than it does. */
function shifted(random: Random, index: Struct): Uint8Array {
  const pages = structsOf(index, 1)
  if (pages.length > 1) {
    const page = random.pick(pages.slice(1))
    setField(page, 3, I64, BigInt(intOf(page, 3)! + random.pick([-1000, -1, 1, 7, 1000])))
  }
  return writeStruct(index)
}

t.test('damaged indexes lead to no wrong row and to no fault that is not one', async t => {
  const folder = folderFor(t)
  const random = new Random(SEED, 0xbad)
  const file = await fileOf(folder, 1)
  const bytes = readFileSync(file.path)
  const columns = bindingsOf(file)
  const whole = await read(file, columns, 4096)
  const path = join(folder, 'mutant.parquet')
  const counts = { refused: 0, less: 0, lost: 0, intact: 0 }
  for (let trial = 0; trial < 240; trial++) {
    const kind = random.pick(['offsetIndex', 'columnIndex'] as const)
    const picked = random.chance(0.7) ? random.pick(CLUSTERED) : random.pick(columns).name
    const column = columns.findIndex(({ name }) => name === picked)
    const mutant = withIndex(bytes, 0, column, CHUNK[kind], index => {
      if (kind === 'offsetIndex' && random.chance(0.6)) return shifted(random, index)
      if (random.chance(0.6)) {
        mutateField(random, placesIn(index))
        return writeStruct(index)
      }
      return mutatedBytes(random, writeStruct(index))
    })
    if (!mutant) continue
    writeFileSync(path, mutant)
    await close(path)
    const where = conditionOf(random, columns, whole.rows)
    try {
      const some = columns.filter((each, c) => c === column || columnsOf(where).includes(each.name))
      const places = some.map(each => columns.indexOf(each))
      const found = await read(await describeFile(path), some, 4096, { where, columns })
      for (const [row, values] of found.rows)
        if (
          !same(
            values,
            places.map(place => whole.rows.get(row)![place]),
          )
        )
          t.fail(`mutant ${trial} of ${kind}: row ${row} is another`)
      if (found.unread > 0) counts.less++
      const lost = (await meeting(file, columns, where)).some(row => !found.rows.has(row))
      if (lost) counts.lost++
      // Bounds that lie are believed; places of pages are not, for the pages themselves state their rows.
      if (lost && kind === 'offsetIndex') t.fail(`mutant ${trial} of ${kind}: rows are lost`)
      counts.intact++
    } catch (error) {
      counts.refused++
      if (!(error instanceof BasaltError && ['data', 'limit'].includes(error.fault) && error.message.includes(path)))
        t.fail(`mutant ${trial} of ${kind}: ${(error as Error).stack}`)
    }
  }
  t.comment(JSON.stringify(counts))
  t.ok(counts.less > 50 && counts.refused > 5)
})
