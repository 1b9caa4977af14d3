// The one module of all kernels. Memory is owned by the caller: nothing here allocates.
export { SNAPPY_WORK, snappy } from './encode/snappy'
export { zstd } from './encode/zstd-frame'
export { ZSTD_WORK } from './encode/zstd-work'
