import { voidNulls } from './convert.js'
import type { Memory, WasmArray } from './memory.js'

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
    this.join('addF64', a, b, out, n)
  }

  sub(a: Float64Array, b: Float64Array, out: Float64Array, n: number): void {
    this.join('subF64', a, b, out, n)
  }

  mul(a: Float64Array, b: Float64Array, out: Float64Array, n: number): void {
    this.join('mulF64', a, b, out, n)
  }

  div(a: Float64Array, b: Float64Array, out: Float64Array, n: number): void {
    this.join('divF64', a, b, out, n)
  }

  coalesce(a: Float64Array, b: Float64Array, out: Float64Array, n: number): void {
    this.join('coalesceF64', a, b, out, n)
  }

  select(mask: Uint8Array, a: Float64Array, b: Float64Array, out: Float64Array, n: number): void {
    const { memory } = this
    const [first, second] = [memory.address(a, 1), memory.address(b, 2)]
    memory.exports.selectF64(memory.address(mask, 0), first, second, out.byteOffset, n)
  }

  clip(a: Float64Array, low: number, high: number, out: Float64Array, n: number): void {
    this.memory.exports.clipF64(this.memory.address(a), low, high, out.byteOffset, n)
  }

  widen(from: Int32Array | BigInt64Array | Uint8Array, out: Float64Array, n: number): void {
    const kernel = from instanceof BigInt64Array ? 'widenI64' : from instanceof Int32Array ? 'widenI32' : 'widenU8'
    this.memory.exports[kernel](this.memory.address(from), out.byteOffset, n)
  }

  voidNulls(valid: Uint8Array, values: Float64Array, n: number): void {
    voidNulls(this.memory, valid, values, n)
  }

  eq(a: Float64Array, b: Float64Array, out: Uint8Array, n: number): void {
    this.join('eqF64', a, b, out, n)
  }

  ne(a: Float64Array, b: Float64Array, out: Uint8Array, n: number): void {
    this.join('neF64', a, b, out, n)
  }

  lt(a: Float64Array, b: Float64Array, out: Uint8Array, n: number): void {
    this.join('ltF64', a, b, out, n)
  }

  le(a: Float64Array, b: Float64Array, out: Uint8Array, n: number): void {
    this.join('leF64', a, b, out, n)
  }

  isNaN(a: Float64Array, out: Uint8Array, n: number): void {
    this.memory.exports.isNaNF64(this.memory.address(a), out.byteOffset, n)
  }

  truth(a: Float64Array, out: Uint8Array, n: number): void {
    this.memory.exports.truthF64(this.memory.address(a), out.byteOffset, n)
  }

  look(codes: Int32Array, table: Uint8Array, out: Uint8Array, n: number): void {
    this.join(table.length <= 16 ? 'lookFewU8' : 'lookU8', codes, table, out, n)
  }

  and(a: Uint8Array, b: Uint8Array, out: Uint8Array, n: number): void {
    this.join('andU8', a, b, out, n)
  }

  or(a: Uint8Array, b: Uint8Array, out: Uint8Array, n: number): void {
    this.join('orU8', a, b, out, n)
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

  /** Calls a kernel that makes one array of two. */
  private join(kernel: string, a: WasmArray, b: WasmArray, out: WasmArray, n: number): void {
    const { memory } = this
    memory.exports[kernel](memory.address(a, 0), memory.address(b, 1), out.byteOffset, n)
  }
}
