import type { ResultFacts } from './facts.js'
import type { Quality } from './pass-checks.js'

/** Lists the limits that a result breaks: `x: null_rate=0.333 > 0.200`, `y: min=-1 < 0`, `y: max=7 > 5`. */
export function qualityFaults({ nullRateMax, columns, ranges }: Quality, facts: ResultFacts): string[] {
  const faults: string[] = []
  for (const column of columns) {
    const rate = facts.rows === 0 ? 0 : (facts.nulls.get(column) ?? 0) / facts.rows
    if (rate > nullRateMax) faults.push(`${column}: null_rate=${ratesText(rate, nullRateMax)}`)
  }
  for (const { column, min, max } of ranges) {
    const { least, greatest } = facts.extremes.get(column) ?? {}
    if (least !== undefined && least < min) faults.push(`${column}: min=${least} < ${min}`)
    if (greatest !== undefined && greatest > max) faults.push(`${column}: max=${greatest} > ${max}`)
  }
  return faults
}

/** Three decimals, and more where the two would look the same. */
function ratesText(rate: number, limit: number): string {
  for (let decimals = 3; decimals < 15; decimals++) {
    const [a, b] = [rate.toFixed(decimals), limit.toFixed(decimals)]
    if (a !== b) return `${a} > ${b}`
  }
  return `${rate} > ${limit}`
}
