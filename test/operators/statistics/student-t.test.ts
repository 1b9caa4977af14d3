import t from 'tap'
import { twoSidedProbability } from '../../../operators/statistics/student-t.js'

// mpmath.betainc(df/2, 1/2, 0, df/(df + t**2), regularized=True) at 40 digits; as 2*scipy.stats.t.sf(t, df)
const REFERENCE: [number, number, number][] = [
  [0.1, 1, 0.936548965138893],
  [1, 1, 0.5],
  [1.74, 2, 0.223987191633215],
  [40, 2, 0.000624414672184741],
  [2.5, 3, 0.0877066470080655],
  [0.5, 4, 0.643329963181863],
  [2, 10, 0.0733880347707404],
  [1.7, 47, 0.0957405409679346],
  [1.8, 47, 0.0782809179797325],
  [5, 47, 8.41219292771244e-6],
  [30, 47, 2.65612454673603e-32],
  [1.233669159548, 45, 0.223731092702321],
  [12, 200, 2.42213600524663e-25],
  [3, 10000, 0.00270644818999767],
  [3, 1000000, 0.0026998625414218],
  [1.9, 100000000, 0.0574331225056482],
  [30, 100000000, 9.83336428588326e-198],
]

t.test('agrees with scipy and mpmath to 12 digits', async t => {
  for (const [x, df, p] of REFERENCE) {
    const found = twoSidedProbability(x, df)
    t.ok(Math.abs(found - p) <= 1e-12 * p, `t ${x}, df ${df}: ${found}, not ${p}`)
    t.equal(twoSidedProbability(-x, df), found)
  }
})

t.test('one degree of freedom is the Cauchy distribution, two have a root', async t => {
  for (const x of [0.001, 0.3, 1, 1.7, 1.8, 4, 300]) {
    const cauchy = (2 / Math.PI) * Math.atan(1 / x)
    t.ok(Math.abs(twoSidedProbability(x, 1) - cauchy) <= 1e-13 * cauchy)
    const two = 2 / (x * x + 2 + x * Math.sqrt(x * x + 2))
    t.ok(Math.abs(twoSidedProbability(x, 2) - two) <= 1e-12 * two, `${x}`)
  }
})

t.test('ends', async t => {
  t.equal(twoSidedProbability(0, 5), 1)
  t.equal(twoSidedProbability(Infinity, 5), 0)
  t.equal(twoSidedProbability(1e200, 1), 0)
  t.ok(Number.isNaN(twoSidedProbability(Number.NaN, 5)))
  t.ok(Number.isNaN(twoSidedProbability(1, 0)))
})
