import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { dayOf, dayText, isWeekend } from '../../lib/core/index.js'
import { configFile, ended, start } from '../cli/command.js'
import { BARS } from '../cli/market.js'
import { folderFor } from '../exec/folder.js'
import { writeTable } from '../support/parquet.js'

t.setTimeout(3_600_000)

const UNITS = process.env.BASALT_FAULT_POINTS === undefined ? 400 : 1200

const COLUMNS = [
  { name: 'ListingId', type: 'i64' },
  { name: 'TradeTimestamp', type: 'ts' },
  { name: 'Price', type: 'f64' },
  { name: 'Size', type: 'i64' },
] as const

const skip = existsSync('/proc/self/statm') ? false : 'there is no /proc, which says what a process holds'

t.test('what a run holds does not grow with its dates: no memory, no open files', { skip }, async t => {
  const folder = folderFor(t)
  let day = dayOf('2026-02-02') as number
  for (let dates = 0; dates < UNITS; day++) {
    if (isWeekend(day)) continue
    const date = dayText(day)
    const rows = Array.from({ length: 200 }, (_, i) => [
      String(1 + (i % 4)),
      `${date}T09:${String(10 + (i % 40)).padStart(2, '0')}:00.000000000Z`,
      '10.5',
      '100',
    ])
    writeTable(join(folder, `trades/date=${date}/part-0.parquet`), { columns: [...COLUMNS], groups: [rows] })
    dates++
  }
  const config = configFile(folder, {
    START_DATE: '2026-02-02',
    END_DATE: dayText(day - 1),
    DATASETNAME: 'many',
    BATCH_FREQ: 'D',
    DATA: { root: '.', layout: 'hive' },
    PASSES: BARS.PASSES,
  })
  const child = start(['pipeline', 'run', config, '--workers', '2', '--events', 'e.ndjson'], { cwd: folder })
  const end = ended(child)
  const seen: { units: number; bytes: number; files: number }[] = []
  const look = () => {
    if (child.exitCode !== null || !existsSync(join(folder, 'e.ndjson'))) return
    try {
      const units = readFileSync(join(folder, 'e.ndjson'), 'utf8').split('"kind":"unit"').length - 1
      const pages = Number(readFileSync(`/proc/${child.pid}/statm`, 'utf8').split(' ')[1])
      seen.push({ units, bytes: pages * 4096, files: readdirSync(`/proc/${child.pid}/fd`).length })
    } catch {
      // it has just ended
    }
  }
  const timer = setInterval(look, 20)
  const { code, stderr } = await end
  clearInterval(timer)
  t.equal(code, 0, stderr.slice(0, 1000))
  const middle = seen.filter(({ units }) => units > UNITS * 0.4 && units < UNITS * 0.6)
  const late = seen.filter(({ units }) => units > UNITS * 0.8)
  t.ok(middle.length > 0 && late.length > 0, `${middle.length} and ${late.length} looks`)
  const most = (looks: typeof seen, of: 'bytes' | 'files') => Math.max(...looks.map(look => look[of]))
  const growth = (most(late, 'bytes') - most(middle, 'bytes')) / 1e6
  t.comment(
    `${UNITS} units: ${(most(middle, 'bytes') / 1e6).toFixed(0)} MB half way, ${growth.toFixed(1)} MB more at the end`,
  )
  // A megabyte for every 100 units, and what one collection of garbage more or less makes.
  t.ok(growth <= (UNITS * 0.4) / 100 + 16, `${growth.toFixed(1)} MB more`)
  t.ok(most(late, 'files') <= most(middle, 'files') + 4, 'files are closed')
  t.strictSame(readdirSync(join(folder, 'basalt-out/_basalt/claims')), [])
})
