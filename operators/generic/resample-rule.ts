const UNITS: Record<string, number> = {
  ns: 1,
  us: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  min: 60e9,
  h: 3600e9,
  d: 86_400e9,
  w: 7 * 86_400e9,
}

/** Units of older pandas, and the same in capitals. M stays out: it is a month there. */
const ALIASES: Record<string, string> = { T: 'min', S: 's', H: 'h', D: 'd', W: 'w', L: 'ms', U: 'us', N: 'ns' }

/** Reads the text of a resample rule (`15m`, `15min`, `1h`, `1D`, `2w`) as ns, or says what is wrong with it. */
export function widthOfRule(text: string): { width: number } | { problem: string; hint: string } {
  const hint = 'write a whole number and ns, us, ms, s, m (= min), h, d or w: 15m'
  const match = /^(\d+)\s*([A-Za-z]+)$/.exec(text.trim())
  if (!match) return { problem: `'${text}' is no resample rule`, hint }
  const [, digits, written] = match
  const unit = Object.hasOwn(ALIASES, written) ? ALIASES[written] : written
  if (/^(M|ME|MS|mo|mon|month|months|Q|QE|QS|Y|YE|A)$/.test(written))
    return { problem: `'${text}': months, quarters and years have no fixed length`, hint: 'use d or w: 4w' }
  if (!Object.hasOwn(UNITS, unit)) return { problem: `'${text}' has the unknown unit '${written}'`, hint }
  const width = Number(digits) * UNITS[unit]
  if (width === 0) return { problem: `'${text}' has no length`, hint }
  if (!Number.isSafeInteger(width)) return { problem: `'${text}' is longer than 104 days`, hint: 'use at most 14w' }
  return { width }
}
