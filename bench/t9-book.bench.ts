import type { OwnFigures } from './own-figures.js'
import { DAY } from './trades.sql.js'

/** Best bid and ask after every event, rebuilt from order messages: small books in cache, and more than fit there. */
export const bookRebuild: OwnFigures = {
  name: 'T9',
  title: 'books rebuilt from order messages, best bid and ask by event',
  sets: [
    { listings: 50, quick: true },
    { listings: 1500, quick: true },
  ],
  must: listings => (listings > 50 ? 5 : 10),
  config: root => ({
    START_DATE: DAY,
    END_DATE: DAY,
    DATA: { root, layout: 'hive' },
    PASSES: [{ name: 'book', modules: ['l3_book'], l3_book: { top_n: 1 } }],
  }),
}
