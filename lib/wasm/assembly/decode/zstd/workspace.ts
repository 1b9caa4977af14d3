// Where the decoder keeps what it works with, from the address of a workspace that the caller owns.
export const LITERALS: usize = 0 // 128 KiB of a block, and 64 bytes of slack
export const HUFFMAN: usize = 131_136 // 2048 entries of 2 bytes
export const LITERAL_LENGTHS: usize = 135_232 // three tables of 512 entries of 8 bytes
export const OFFSETS: usize = 139_328
export const MATCH_LENGTHS: usize = 143_424
export const COUNTS: usize = 147_520 // 256 of 2 bytes
export const NEXT_STATES: usize = 148_032 // 256 of 2 bytes
export const WEIGHTS: usize = 148_544 // 256 bytes
export const WEIGHT_STATES: usize = 148_800 // 64 entries of 4 bytes
export const WORKSPACE_BYTES: i32 = 149_056

export const MAX_BLOCK: u32 = 131_072
