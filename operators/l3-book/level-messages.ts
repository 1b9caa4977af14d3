import { ASK, BID, type Book } from './book.js'
import { HIDDEN } from './impossible.js'
import type { Messages } from './messages.js'
import type { Rules } from './rules.js'

/** Changes the levels of a book by what messages say themselves, where these name no order. */
export class LevelMessages {
  constructor(
    private readonly messages: Messages,
    private readonly book: Book,
    private readonly rules: Rules,
  ) {}

  update(row: number): void {
    this.remove(row)
    this.place(row)
  }

  remove(row: number): void {
    const { oldPrice, oldSize } = this.messages
    this.take(row, oldPrice[row], oldSize[row], true)
  }

  execute(row: number): void {
    const { oldPrice, oldSize, executionPrice } = this.messages
    const said = oldSize[row]
    const price = Number.isNaN(oldPrice[row]) && executionPrice ? executionPrice[row] : oldPrice[row]
    const taken = this.executed(row, said)
    if (said === 0) return this.rules.count(HIDDEN, 1)
    this.take(row, price, taken, taken >= said)
  }

  /** Returns what an execution takes of an order that has a size: as it says, or as what is left then says. */
  executed(row: number, size: number): number {
    const { size: sizes, executionSize } = this.messages
    if (!Number.isNaN(executionSize[row])) return executionSize[row]
    return this.rules.changes ? sizes[row] : size - sizes[row]
  }

  /** Adds an order's size to its level. Returns the level, -1 where nothing is added. */
  place(row: number): number {
    const { price, size, side } = this.messages
    if (size[row] === 0 || !this.isWhole(row, side[row], price[row], size[row])) return -1 // nothing of it is displayed
    const level = this.book.levelOf(row, side[row] - 1)
    this.book.add(level, size[row], 1)
    return level
  }

  /** Takes from a level what a message says, at most what there is. */
  private take(row: number, price: number, size: number, whole: boolean): void {
    const side = this.messages.side[row]
    if (size === 0 || !this.isWhole(row, side, price, size)) return
    const level = this.book.levelAt(price, side - 1)
    if (level < 0 || !this.book.take(level, size, whole ? 1 : 0)) this.rules.impossible(row, 'negative')
  }

  private isWhole(row: number, side: number, price: number, size: number): boolean {
    if (!Number.isNaN(price) && size > 0 && (side === BID || side === ASK)) return true
    this.rules.impossible(row, 'incomplete')
    return false
  }
}
