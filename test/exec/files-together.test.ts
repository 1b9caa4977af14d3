import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { outputTarget } from '../../configs/targets.js'
import { batchOf, type ColumnSpec, dayText, schemaOf } from '../../lib/core/index.js'
import { TargetFiles } from '../../lib/exec/target-files.js'
import { folderFor } from './folder.js'

const DAYS = [20_000, 20_001, 20_002]
const SPECS: ColumnSpec[] = [
  { name: 'Date', type: 'date' },
  { name: 'Close', type: 'f64' },
]
const folder = folderFor(t)

function rowsOf(day: number, count = 50) {
  const closes = Float64Array.from({ length: count }, (_, i) => day + i / 4)
  const dates = new Int32Array(count).fill(day)
  return batchOf(
    SPECS,
    [
      { type: 'date', values: dates, valid: null },
      { type: 'f64', values: closes, valid: null },
    ],
    count,
  )
}

/** Opens the files of a target, one a date; `written` are the dates of those that were said to be visible. */
function opened(name: string, type: 'parquet' | 'csv' | 'ndjson' | 'arrow', together: boolean) {
  const root = join(folder, name)
  const target = outputTarget.parse({ type, root, path_template: `{root}/{date}.${type}`, row_group_rows: 20 })
  const written: number[] = []
  const files = new TargetFiles(target, {
    together,
    frequency: null,
    names: { datasetname: 'd', pass: 'p', universe: 'all' },
    dates: { from: DAYS[0], to: DAYS[2] },
    metadata: {},
    sortedBy: [],
    schema: schemaOf(SPECS),
    days: new Set(DAYS),
    encode: undefined,
    standing: new Set(),
    onReplace: async () => {},
    onWritten: async file => void written.push(file.rows),
  })
  const present = () => readdirSync(root).sort()
  const visible = () => present().filter(file => !file.startsWith('.'))
  return { files, written, root, present, visible }
}

const nameOf = (day: number, type: string) => `${dayText(day)}.${type}`

for (const type of ['parquet', 'csv', 'ndjson', 'arrow'] as const) {
  t.test(`${type} files that wait for each other appear together, with the bytes they have alone`, async t => {
    const apart = opened(`${type}-apart`, type, false)
    const together = opened(`${type}-together`, type, true)
    for (const { files } of [apart, together]) {
      for (const day of DAYS) {
        await files.write(day, rowsOf(day))
      }
    }
    t.strictSame(apart.visible(), [nameOf(DAYS[0], type), nameOf(DAYS[1], type)])
    t.strictSame(together.visible(), [])
    t.equal(together.present().length, 3)
    const sizes = ({ root, present }: typeof apart) => present().map(file => statSync(join(root, file)).size)
    t.strictSame(sizes(together).slice(0, 2), sizes(apart).slice(1), 'those that wait are whole')
    for (const { files, written, present } of [apart, together]) {
      await files.commit()
      t.strictSame(
        present(),
        DAYS.map(day => nameOf(day, type)),
      )
      t.strictSame(written, [50, 50, 50])
    }
    for (const file of apart.present())
      t.ok(readFileSync(join(apart.root, file)).equals(readFileSync(join(together.root, file))), file)
  })

  t.test(`${type} files that are kept back leave nothing`, async t => {
    const { files, written, present } = opened(`${type}-refused`, type, true)
    for (const day of DAYS) await files.write(day, rowsOf(day))
    t.equal(present().length, 3)
    await files.abort(new Error('refused'))
    t.strictSame(present(), [])
    await files.commit()
    t.strictSame([present(), written], [[], []])
  })
}

t.test('a date that fails takes its own file along, not those that wait', async t => {
  const { files, visible } = opened('failed', 'csv', true)
  await files.write(DAYS[0], rowsOf(DAYS[0]))
  await files.write(DAYS[1], rowsOf(DAYS[1]))
  await files.drop(DAYS[1], 'failed')
  await files.drop(DAYS[1], 'failed again, and nothing of it is open')
  await files.write(DAYS[2], rowsOf(DAYS[2]))
  t.strictSame(visible(), [])
  await files.commit()
  t.strictSame(visible(), [nameOf(DAYS[0], 'csv'), nameOf(DAYS[2], 'csv')])
})
