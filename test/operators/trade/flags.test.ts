import t from 'tap'
import { FLAGS, flaggedAvgNotional, flaggedCount, flaggedVolume } from '../../../operators/trade/flags.js'
import { BLOCK, compute, type Trade } from './evaluate.js'

const of = (flag: string, side = 'Total') => ({ flag, side })

t.test('worked example: blocks of the block', async t => {
  t.same(await compute(flaggedVolume, of('BlockTrade'), BLOCK), [5])
  t.same(await compute(flaggedCount, of('BlockTrade'), BLOCK), [1])
  t.same(await compute(flaggedAvgNotional, of('BlockTrade'), BLOCK), [502.5])
  t.same(await compute(flaggedVolume, of('BlockTrade', 'Ask'), BLOCK), [0])
  t.same(await compute(flaggedAvgNotional, of('BlockTrade', 'Ask'), BLOCK), [null])
})

t.test('the base filter does not apply; sides do', async t => {
  t.same(await compute(flaggedVolume, of('AuctionTrade'), BLOCK), [40])
  t.same(await compute(flaggedVolume, of('AuctionTrade', 'Unknown'), BLOCK), [40])
  t.same(await compute(flaggedCount, of('AuctionTrade', 'Bid'), BLOCK), [0])
})

t.test('odd lots are found however they are written', async t => {
  const lots = ['Odd Lot', 'ODD_LOT', 'ODD', 'MIXED', 'ROUND', null]
  const rows = lots.map(LotType => ({ Price: 1, Size: 1, LotType }))
  t.same(await compute(flaggedCount, of('OddLotTrade'), rows), [3])
})

t.test('each flag finds its own trades', async t => {
  const columns: Record<string, Trade> = {
    AuctionTrade: { Classification: 'LIT_AUCTION' },
    OTCTrade: { Classification: 'OTC', BMLLTradeType: 'UNKNOWN' },
    DarkTrade: { BMLLTradeType: 'DARK' },
    LitTrade: { BMLLTradeType: 'LIT' },
    NegotiatedTrade: { NegotiatedTrade: 'Y' },
    CrossTrade: { CrossingTrade: 'TRUE' },
    AlgorithmicTrade: { AlgorithmicTrade: '1' },
    BlockTrade: { IsBlock: 'Y' },
    OddLotTrade: { LotType: 'ODDLOT' },
  }
  // IcebergExecution is found among order messages: golden case iceberg-trades.
  t.same([...Object.keys(columns), 'IcebergExecution'], Object.keys(FLAGS))
  for (const [flag, marked] of Object.entries(columns)) {
    const plain = Object.fromEntries(Object.keys(marked).map(name => [name, 'N']))
    const rows = [marked, plain, marked].map(row => ({ Price: 2, Size: 3, ...row }))
    t.same(await compute(flaggedVolume, of(flag), rows), [6], flag)
  }
})
