/**
 * Says what is wrong with bytes, given what their decoder threw. A decoder that reads past the end or finds a part
 * missing throws the runtime's own errors, whose text speaks of its code, not of the file; they stay as the cause.
 */
export function damageOf(error: unknown): string {
  if (error instanceof TypeError || error instanceof RangeError) return 'its bytes are damaged or cut'
  return error instanceof Error ? error.message : String(error)
}
