import type { Job } from './job.js'

/** The files in which books are raced. */
export const BOOK_RACES: Job['races'] = [
  { layout: { order: 'listing', rowGroupRows: 122_880, codec: 'snappy' }, measures: ['warm', 'cold'], quick: ['warm'] },
  { layout: { order: 'time', rowGroupRows: 122_880, codec: 'snappy' }, measures: ['warm'], quick: ['warm'] },
]

/** Returns a config as a user of the books would write it, of one pass with a row for each listing and minute. */
export function booksConfig(root: string, days: string[], modules: string[], l2Analytics: object) {
  return {
    START_DATE: days[0],
    END_DATE: days.at(-1),
    DATASETNAME: 'bench',
    DATA: { root, layout: 'hive' },
    PASSES: [
      {
        name: 'books',
        modules,
        time_bucket_seconds: 60,
        time_bucket_anchor: 'start',
        time_bucket_closed: 'left',
        l2_analytics: l2Analytics,
      },
    ],
  }
}

/** A minute as a whole number, and the time in it, ns. */
export const NS = 60_000_000_000
export const sqlMinute = `epoch_ns(EventTimestamp) // ${NS}`
