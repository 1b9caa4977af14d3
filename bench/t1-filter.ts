const CLASSES = ['LIT_CONTINUOUS', 'LIT_AUCTION_OPEN', 'LIT_AUCTION_CLOSE', 'HIDDEN']
const STATES = ['CONTINUOUS_TRADING']
const quoted = (words: string[]) => words.map(word => `'${word}'`).join(', ')

/** T1's filter on two text columns: for Basalt of a table and of a module, and in the rivals' words. */
export const filter = { table: { MarketState: STATES }, base: { Classification: CLASSES } }
export const sqlFilter = `WHERE Classification IN (${quoted(CLASSES)}) AND MarketState IN (${quoted(STATES)})`
export const polarsFilter = `.filter(
      col('Classification').is_in([${quoted(CLASSES)}]) & col('MarketState').is_in([${quoted(STATES)}]))`
