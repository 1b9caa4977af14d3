import type { Random } from './random.js'

/** Draws an ISIN: the country, nine digits and the check digit of ISO 6166. */
export function isin(country: string, random: Random): string {
  const body = `${country}${digits(random, 9)}`
  return body + isinCheckDigit(body)
}

/** Returns the check digit of an ISIN's first eleven characters: letters become two digits, then Luhn from the right. */
export function isinCheckDigit(body: string): number {
  const expanded = [...body].map(character => Number.parseInt(character, 36)).join('')
  let sum = 0
  for (let i = 0; i < expanded.length; i++) {
    const digit = Number(expanded[expanded.length - 1 - i])
    const doubled = i % 2 === 0 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return (10 - (sum % 10)) % 10
}

/** Draws an identifier in the shape of a FIGI: BBG, eight consonants or digits, and a check digit. */
export function figi(random: Random): string {
  const body = `BBG${Array.from({ length: 8 }, () => random.pick([...'0123456789BCDFGHJKLMNPQRSTVWXYZ'])).join('')}`
  let sum = 0
  for (let i = 0; i < body.length; i++) {
    const value = Number.parseInt(body[i], 36) * (i % 2 === 1 ? 2 : 1)
    sum += Math.floor(value / 10) + (value % 10)
  }
  return body + ((10 - (sum % 10)) % 10)
}

function digits(random: Random, count: number): string {
  return Array.from({ length: count }, () => random.below(10)).join('')
}
