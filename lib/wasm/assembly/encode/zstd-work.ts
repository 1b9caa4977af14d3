// Where things lie in the work memory of Zstandard's compressor, in bytes from its start.
export const BLOCK_MOST: usize = 131_072 // the format's limit
export const LONG_BITS: u32 = 17
export const SHORT_BITS: u32 = 16
export const MATCH_LEAST: usize = 4
export const SEQUENCE: usize = 16 // literals, match length - 3, offset code, then the three symbols: u32 and bytes
export const ENCODER: usize = 2048 // one of FSE: 64 symbols, then 512 states

export const LONG: usize = 0 // addresses of the last 8 bytes of a hash
export const SHORT: usize = LONG + (1 << LONG_BITS) * 4 // and of the last 5
export const SEQUENCES: usize = SHORT + (1 << SHORT_BITS) * 4
export const LITERALS: usize = SEQUENCES + (BLOCK_MOST / MATCH_LEAST + 1) * SEQUENCE
export const COUNTS: usize = LITERALS + BLOCK_MOST + 64 // four times 256 u32
export const TREE: usize = COUNTS + 4096 // what builds Huffman codes
export const CODES: usize = TREE + 8192 // 256 u32: code and its length
export const WEIGHTS: usize = CODES + 1024 // 256 bytes
export const NORMS: usize = WEIGHTS + 256 // 64 i16
export const SPREAD: usize = NORMS + 128 // 512 bytes: the symbol of each state
export const ENCODERS: usize = SPREAD + 512 // three, of literal lengths, offsets and match lengths

/** Bytes of work memory: a block's sequences and literals, hash tables and codes. */
export const ZSTD_WORK: usize = ENCODERS + 3 * ENCODER
