import t from 'tap'
import { Ledger } from '../../lib/exec/ledger.js'

/** A ledger of 1 GB on a process and a clock that a test sets. */
function ledgerOf(options: { freed?: number; always?: boolean } = {}) {
  const state = { resident: 0, now: 0, collections: 0 }
  const ledger = new Ledger(1_000_000_000, {
    always: options.always,
    resident: () => state.resident,
    now: () => state.now,
    collect: () => {
      state.collections++
      state.resident -= options.freed ?? 0
    },
  })
  const hold = (bytes: number) => {
    state.resident = bytes
    state.now += 10
  }
  return { ledger, state, hold }
}

t.test('counts what is taken and given back, and the most of it', async t => {
  const { ledger } = ledgerOf()
  ledger.count(300)
  ledger.count(200)
  ledger.count(-400)
  t.equal(ledger.bytes, 100)
  t.equal(ledger.peak, 500)
})

t.test('work waits from 85 % of the budget on, what waits goes to disk from 92 % on', async t => {
  const { ledger, hold } = ledgerOf()
  hold(849_000_000)
  t.notOk(ledger.full)
  hold(851_000_000)
  t.ok(ledger.full)
  t.notOk(ledger.over)
  hold(921_000_000)
  t.ok(ledger.over)
})

t.test('what nobody needs is collected first', async t => {
  const { ledger, state, hold } = ledgerOf({ freed: 100_000_000 })
  hold(900_000_000)
  t.notOk(ledger.full, 'a collection made room')
  t.equal(state.collections, 1)
})

t.test('collections that give little back become rare', async t => {
  const { ledger, state, hold } = ledgerOf()
  for (let i = 0; i < 1000; i++) {
    hold(900_000_000)
    ledger.look()
  }
  t.equal(state.now, 10_000)
  t.ok(state.collections >= 5 && state.collections <= 10, `${state.collections} collections in 10 s`)
})

t.test('between dates garbage goes from half of the budget on, and at most twice a second', async t => {
  const { ledger, state, hold } = ledgerOf()
  hold(499_000_000)
  ledger.rest()
  t.equal(state.collections, 0)
  for (let i = 0; i < 100; i++) {
    hold(510_000_000)
    ledger.rest()
  }
  t.equal(state.collections, 2, 'in a second')
})

t.test('with hardly any room left they do not', async t => {
  const { ledger, state, hold } = ledgerOf()
  for (let i = 0; i < 1000; i++) {
    hold(970_000_000)
    ledger.look()
  }
  t.ok(state.collections >= 90, `${state.collections} collections in 10 s`)
})

t.test('with spill: always, everything goes to disk', async t => {
  const { ledger } = ledgerOf({ always: true })
  t.ok(ledger.over)
  t.equal(ledger.leastRun, 1)
})
