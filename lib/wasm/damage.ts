/** What each fault of a decoder means; the numbers are those of `assembly/decode/fault.ts`. */
const SENTENCES: Record<number, string> = {
  [-1]: 'the bytes end early',
  [-2]: 'the bytes unpack to more than is stated',
  [-3]: 'a copy reaches back before its beginning',
  [-4]: 'the bytes unpack to another size than is stated',
  [-5]: 'a header is not valid',
  [-6]: 'a table of codes is not valid',
  [-7]: 'packed bits do not add up',
  [-8]: 'unpacked bytes fail their checksum',
  [-9]: 'codes of more than 32 bits do not exist',
  [-10]: 'a definition level is above 1',
  [-11]: 'a delta block has a form that no writer makes',
  [-12]: 'an INT96 stamp lies beyond the years 1677 to 2262',
  [-13]: 'the bytes need a dictionary of their compressor',
}

/** Returns what a decoder returned, or throws an Error with a sentence when that is a fault. */
export function checked(result: number): number {
  if (result >= 0) return result
  throw new Error(SENTENCES[result] ?? `a decoder failed with ${result}`)
}

/** Throws an Error unless `bytes` hold `wanted` ones. */
export function checkHas(bytes: Uint8Array, wanted: number): void {
  if (!(wanted <= bytes.length)) throw new Error(`a page has ${bytes.length} bytes where ${wanted} are needed`)
}

/** Throws a RangeError unless an array has room for n values: a mistake of the caller, not of the bytes. */
export function checkRoom(array: ArrayLike<unknown>, n: number): void {
  if (!(n >= 0 && n <= array.length)) throw new RangeError(`${n} values do not fit an array of ${array.length}`)
}
