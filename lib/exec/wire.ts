import { RecordBatchReader, RecordBatchStreamWriter } from 'apache-arrow'
import { BasaltError, type Fault, framesOf, type Partial, RecordBatch, type Where } from '../core/index.js'
import { ReferenceTable } from './lookup.js'
import { buffersOf, detached } from './wire-frame.js'

/** Makes of a partial what crosses threads, in memory that is handed over. */
export function toWire({ entities, cells, series, early, ...facts }: Partial): Partial {
  return {
    entities: detached(entities),
    cells: detached(cells),
    series: series.map(detached),
    early: early && { part: early.part, changed: detached(early.changed), bars: detached(early.bars) },
    ...facts,
  }
}

/** Lists the buffers to transfer instead of copying. */
export const transferables = (partial: Partial): ArrayBuffer[] => framesOf(partial).flatMap(buffersOf)

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
