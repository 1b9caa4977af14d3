import type { Memory } from './memory.js'

/**
 * The loops of expressions, as kernels: see Loops of lib/core, whose plain ones say what each does. Results are written
 * to arrays of this memory; operands from elsewhere are copied into it first.
 */
export class WasmLoops {
  constructor(private readonly memory: Memory) {}

  f64(length: number): Float64Array {
    return this.memory.f64(length)
  }

  u8(length: number): Uint8Array {
    return this.memory.u8(length)
  }

  i32(length: number): Int32Array {
    return this.memory.i32(length)
  }

  free(array: Float64Array | Uint8Array | Int32Array): void {
    this.memory.free(array)
  }

  add(a: Float64Array, b: Float64Array, out: Float64Array, n: number): void {
    const { memory } = this
    memory.exports.addF64(memory.address(a, 0), memory.address(b, 1), out.byteOffset, n)
  }

  sub(a: Float64Array, b: Float64Array, out: Float64Array, n: number): void {
    const { memory } = this
    memory.exports.subF64(memory.address(a, 0), memory.address(b, 1), out.byteOffset, n)
  }

  mul(a: Float64Array, b: Float64Array, out: Float64Array, n: number): void {
    const { memory } = this
    memory.exports.mulF64(memory.address(a, 0), memory.address(b, 1), out.byteOffset, n)
  }

  div(a: Float64Array, b: Float64Array, out: Float64Array, n: number): void {
    const { memory } = this
    memory.exports.divF64(memory.address(a, 0), memory.address(b, 1), out.byteOffset, n)
  }

  coalesce(a: Float64Array, b: Float64Array, out: Float64Array, n: number): void {
    const { memory } = this
    memory.exports.coalesceF64(memory.address(a, 0), memory.address(b, 1), out.byteOffset, n)
  }

  select(mask: Uint8Array, a: Float64Array, b: Float64Array, out: Float64Array, n: number): void {
    const { memory } = this
    memory.exports.selectF64(memory.address(mask, 0), memory.address(a, 1), memory.address(b, 2), out.byteOffset, n)
  }

  clip(a: Float64Array, low: number, high: number, out: Float64Array, n: number): void {
    this.memory.exports.clipF64(this.memory.address(a), low, high, out.byteOffset, n)
  }

  widen(from: Int32Array | BigInt64Array | Uint8Array, out: Float64Array, n: number): void {
    const { exports } = this.memory
    const address = this.memory.address(from)
    if (from instanceof BigInt64Array) exports.widenI64(address, out.byteOffset, n)
    else if (from instanceof Int32Array) exports.widenI32(address, out.byteOffset, n)
    else exports.widenU8(address, out.byteOffset, n)
  }

  voidNulls(valid: Uint8Array, values: Float64Array, n: number): void {
    this.memory.exports.voidNulls(this.memory.address(valid), values.byteOffset, n)
  }

  eq(a: Float64Array, b: Float64Array, out: Uint8Array, n: number): void {
    const { memory } = this
    memory.exports.eqF64(memory.address(a, 0), memory.address(b, 1), out.byteOffset, n)
  }

  ne(a: Float64Array, b: Float64Array, out: Uint8Array, n: number): void {
    const { memory } = this
    memory.exports.neF64(memory.address(a, 0), memory.address(b, 1), out.byteOffset, n)
  }

  lt(a: Float64Array, b: Float64Array, out: Uint8Array, n: number): void {
    const { memory } = this
    memory.exports.ltF64(memory.address(a, 0), memory.address(b, 1), out.byteOffset, n)
  }

  le(a: Float64Array, b: Float64Array, out: Uint8Array, n: number): void {
    const { memory } = this
    memory.exports.leF64(memory.address(a, 0), memory.address(b, 1), out.byteOffset, n)
  }

  isNaN(a: Float64Array, out: Uint8Array, n: number): void {
    this.memory.exports.isNaNF64(this.memory.address(a), out.byteOffset, n)
  }

  truth(a: Float64Array, out: Uint8Array, n: number): void {
    this.memory.exports.truthF64(this.memory.address(a), out.byteOffset, n)
  }

  look(codes: Int32Array, table: Uint8Array, out: Uint8Array, n: number): void {
    const { memory } = this
    memory.exports.lookU8(memory.address(codes, 0), memory.address(table, 1), out.byteOffset, n)
  }

  and(a: Uint8Array, b: Uint8Array, out: Uint8Array, n: number): void {
    const { memory } = this
    memory.exports.andU8(memory.address(a, 0), memory.address(b, 1), out.byteOffset, n)
  }

  or(a: Uint8Array, b: Uint8Array, out: Uint8Array, n: number): void {
    const { memory } = this
    memory.exports.orU8(memory.address(a, 0), memory.address(b, 1), out.byteOffset, n)
  }

  not(a: Uint8Array, out: Uint8Array, n: number): void {
    this.memory.exports.notU8(this.memory.address(a), out.byteOffset, n)
  }

  ones(mask: Uint8Array, n: number): number {
    return this.memory.exports.onesU8(this.memory.address(mask), n)
  }

  rowsWhere(mask: Uint8Array, n: number, out: Int32Array): number {
    return this.memory.exports.rowsWhere(this.memory.address(mask), n, out.byteOffset)
  }

  rowsWithin(index: Int32Array, count: number, mask: Uint8Array, out: Int32Array): number {
    const { memory } = this
    return memory.exports.rowsWithin(memory.address(index, 0), count, memory.address(mask, 1), out.byteOffset)
  }
}
