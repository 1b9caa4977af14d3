/**
 * Returns the number of the slot, `width` ns wide and counted from `start`, that holds an instant. A slot includes the
 * edge that its bucket includes; the instant `start` itself belongs to slot 0. Exact: all are integers below 2^53.
 */
export function slotOf(time: number, start: number, width: number, closed: unknown): number {
  const delta = time - start
  const remainder = delta % width
  if (remainder === 0 && closed !== 'left') return Math.max(0, delta / width - 1)
  return Math.floor((delta - remainder) / width)
}
