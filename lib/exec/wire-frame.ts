import { type Column, type Frame, withValues } from '../core/index.js'

/** Makes of a frame what can be handed to another thread: arrays that share a buffer, or fill a part of one, are copied. */
export function detached({ rows, columns }: Frame): Frame {
  const taken = new Set<ArrayBufferLike>()
  const own = <Values extends Column['values']>(values: Values): Values => {
    const whole = values.byteLength === values.buffer.byteLength && values.buffer instanceof ArrayBuffer
    const alone = whole && !taken.has(values.buffer) ? values : (values.slice() as Values)
    taken.add(alone.buffer)
    return alone
  }
  return {
    rows,
    columns: new Map(
      [...columns].map(([name, column]) => [
        name,
        withValues(column, own(column.values), column.valid && own(column.valid)),
      ]),
    ),
  }
}

/** Lists the buffers to transfer instead of copying. */
export function buffersOf({ columns }: Frame): ArrayBuffer[] {
  return [...columns.values()].flatMap(
    ({ values, valid }) => [values.buffer, ...(valid ? [valid.buffer] : [])] as ArrayBuffer[],
  )
}
