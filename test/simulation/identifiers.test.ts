import t from 'tap'
import { isin, isinCheckDigit } from '../../operators/simulation/identifiers.js'
import { buildListings, quotas } from '../../operators/simulation/listings.js'
import { Random } from '../../operators/simulation/random.js'

t.test('check digits of published ISINs', async t => {
  for (const known of ['US0378331005', 'GB0002634946', 'FR0000120271', 'DE0007164600']) {
    t.equal(isinCheckDigit(known.slice(0, 11)), Number(known[11]), known)
  }
  t.match(isin('GB', new Random(1)), /^GB\d{10}$/)
})

t.test('a universe has unique listings and shares instruments across markets', async t => {
  const listings = buildListings(200, ['XLON', 'XPAR', 'XETR'], 1)
  t.equal(new Set(listings.map(listing => listing.listingId)).size, 200)
  const second = listings.filter(listing => listing.primary !== listing.index)
  t.ok(second.length > 10)
  for (const listing of second) {
    const primary = listings[listing.primary]
    t.match(listing, {
      isin: primary.isin,
      currency: primary.currency,
      ticker: primary.ticker,
      opol: primary.venue.mic,
    })
    t.not(listing.venue.mic, primary.venue.mic)
  }
})

t.test('quotas add up, however few trades there are', async t => {
  for (const [count, trades] of [
    [20, 100_000],
    [20, 41],
    [7, 3],
    [1, 0],
  ]) {
    const split = quotas(buildListings(count, ['XLON', 'XPAR'], 1), trades)
    t.equal(
      split.reduce((a, b) => a + b, 0),
      trades,
    )
    t.ok(split.every(quota => quota >= 0))
  }
})
