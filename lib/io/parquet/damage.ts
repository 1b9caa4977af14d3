import { BasaltError } from '../../core/error.js'

/**
 * Says what is wrong with bytes, given what their decoder threw. A decoder that reads past the end or finds a part
 * missing throws the runtime's own errors, whose text speaks of its code, not of the file; they stay as the cause.
 */
export function damageOf(error: unknown): string {
  if (error instanceof TypeError || error instanceof RangeError) return 'its bytes are damaged or cut'
  return error instanceof Error ? error.message : String(error)
}

/** Returns the data fault of a footer that something is wrong with. */
export function unreadable(error: unknown): BasaltError {
  if (error instanceof BasaltError) return error
  return new BasaltError('data', `has a footer that cannot be read: ${damageOf(error)}`, {}, error)
}
