import { type Column, doublesOfInput, stampText, valueText } from '../../lib/core/index.js'
import { type OrderNames, orderNames } from './order-names.js'

/** Order messages of a listing's day in total order. Doubles are NaN where null, or where the source lacks them. */
export interface Messages {
  length: number
  action: Float64Array
  side: Float64Array
  names: OrderNames
  price: Float64Array
  size: Float64Array
  oldPrice: Float64Array
  oldSize: Float64Array
  executionPrice: Float64Array | null
  executionSize: Float64Array
}

/** Returns messages by the columns that a source has, by name. */
export function messagesOf(given: (name: string) => Column | null, length: number): Messages {
  let unknown: Float64Array | undefined
  const doubles = (name: string) => {
    const column = given(name)
    return column ? doublesOfInput(column) : (unknown ??= new Float64Array(length).fill(Number.NaN))
  }
  const names = {
    orderId: given('OrderId'),
    oldOrderId: given('OldOrderId'),
    originalOrderId: given('OriginalOrderId'),
  }
  const executionPrice = given('ExecutionPrice') // asked for where no order is named
  return {
    length,
    action: doubles('LobAction'),
    side: doubles('Side'),
    names: orderNames(names, length),
    price: doubles('Price'),
    size: doubles('Size'),
    oldPrice: doubles('OldPrice'),
    oldSize: doubles('OldSize'),
    executionPrice: executionPrice && doublesOfInput(executionPrice),
    executionSize: doubles('ExecutionSize'),
  }
}

/** Writes a message for people: its time and what is not null of it. */
export function messageText(
  columns: readonly { name: string; column: Column }[],
  row: number,
  instant: bigint,
): string {
  const known = columns.filter(({ column }) => {
    const isVoid = column.type === 'f64' && Number.isNaN(column.values[row])
    return !isVoid && (!column.valid || column.valid[row])
  })
  return [stampText(instant), ...known.map(({ name, column }) => `${name} ${valueText(column, row)}`)].join(', ')
}
