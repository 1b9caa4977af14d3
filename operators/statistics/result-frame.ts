import { type ColumnType, type Frame, GrowingColumn } from '../../lib/core/index.js'

/** Makes a frame of these columns without rows. */
export const emptyFrame = (columns: readonly { name: string; type: ColumnType }[]): Frame => ({
  rows: 0,
  columns: new Map(columns.map(spec => [spec.name, new GrowingColumn(spec, 0).view()])),
})
