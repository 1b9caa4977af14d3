/** What cannot be, given the messages before; the run report counts them under these words. */
export const IMPOSSIBLE = {
  unknown: 'the order is not in the book',
  left: 'the order has left the book',
  twice: 'the order is in the book already',
  unfit: 'size, price or side does not fit the order',
  negative: 'the level would fall below zero',
  incomplete: 'price, size, side or action is missing',
} as const

export type Impossible = keyof typeof IMPOSSIBLE

const counted = (problem: string) => `order messages that cannot be: ${problem}`

/** Executions that the displayed book has no order for. */
export const HIDDEN = 'executions of no displayed order'

/** What a rebuilt book counts for the run report. */
export const COUNTS: string[] = [HIDDEN, ...Object.values(IMPOSSIBLE).map(counted)]

export const countOf = (kind: Impossible): string => counted(IMPOSSIBLE[kind])
