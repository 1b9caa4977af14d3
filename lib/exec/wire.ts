import { RecordBatchReader, RecordBatchStreamWriter } from 'apache-arrow'
import { BasaltError, type Fault, type Partial, RecordBatch, type Where } from '../core/index.js'
import { ReferenceTable } from './lookup.js'
import { batchFromWire, batchToWire, buffersOf, type WireBatch } from './wire-batch.js'

/** A partial as it crosses threads, in memory that is handed over. */
export interface WirePartial {
  batches: WireBatch[]
  rows: number
  counters: number[]
  nonFinite: Record<string, number>
  early: { part: number; changed: WireBatch; bars: WireBatch } | null
}

export function toWire({ entities, cells, series, early, ...facts }: Partial): WirePartial {
  return {
    batches: [entities, cells, ...series].map(batchToWire),
    early: early && { part: early.part, changed: batchToWire(early.changed), bars: batchToWire(early.bars) },
    ...facts,
  }
}

export function fromWire({ batches, early, ...facts }: WirePartial): Partial {
  const [entities, cells, ...series] = batches.map(batchFromWire)
  const bars = early && {
    part: early.part,
    changed: batchFromWire(early.changed),
    bars: batchFromWire(early.bars),
  }
  return { entities, cells, series, early: bars, ...facts }
}

/** Lists the buffers to transfer instead of copying. */
export function transferables({ batches, early }: WirePartial): ArrayBuffer[] {
  return [...batches, ...(early ? [early.changed, early.bars] : [])].flatMap(buffersOf)
}

function encode(batch: RecordBatch): Uint8Array<ArrayBuffer> {
  const bytes = RecordBatchStreamWriter.writeAll([batch]).toUint8Array(true)
  // The stream may sit in a larger buffer; transferring that would hand over more than the message.
  return bytes.byteLength === bytes.buffer.byteLength ? (bytes as Uint8Array<ArrayBuffer>) : bytes.slice()
}

function decode(bytes: Uint8Array): RecordBatch {
  const reader = RecordBatchReader.from(bytes)
  const [batch] = [...reader]
  return batch ?? new RecordBatch(reader.schema)
}

/** A reference table as it is given to a thread. */
export interface WireReference {
  batches: Uint8Array[]
  hasDate: boolean
}

export function referenceToWire({ source }: ReferenceTable): WireReference {
  return { batches: source.batches.map(encode), hasDate: source.hasDate }
}

export function referenceFromWire({ batches, hasDate }: WireReference): ReferenceTable {
  return new ReferenceTable(batches.map(decode), hasDate)
}

export interface WireError {
  fault: Fault
  problem: string
  where: Where
  code?: string
}

export function errorFromWire({ fault, problem, where, code }: WireError): BasaltError {
  return new BasaltError(fault, problem, where, code === undefined ? undefined : { code })
}
