// What a decoder returns for bytes that do not add up; `lib/wasm/damage.ts` has a sentence for each.
export const CUT: i32 = -1
export const TOO_LONG: i32 = -2
export const BAD_DISTANCE: i32 = -3
export const BAD_SIZE: i32 = -4
export const BAD_HEADER: i32 = -5
export const BAD_TABLE: i32 = -6
export const BAD_BITS: i32 = -7
export const BAD_CHECKSUM: i32 = -8
export const BAD_WIDTH: i32 = -9
export const BAD_LEVEL: i32 = -10
export const BAD_BLOCK: i32 = -11
export const BAD_STAMP: i32 = -12
export const NEEDS_DICTIONARY: i32 = -13
