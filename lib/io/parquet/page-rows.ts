import type { PagePlace } from './page-index.js'

/** Keeps count of which rows of a row group the pages of a chunk have, as they come. */
export class PageRows {
  /** The first row behind the last page that was met. */
  next = 0
  private met = 0

  /** Of `rows` rows; where only some of the pages come, `places` tells which rows each of them has. */
  constructor(
    private rows: number,
    private readonly places: readonly PagePlace[] | null,
  ) {}

  /** Rows behind the last page that was met. */
  get left(): number {
    return this.rows - this.next
  }

  /** Takes the next page. Throws where its rows are more than are left, or others than the file's index states. */
  meet(rows: number): void {
    if (this.places) {
      const place = this.places[this.met++]
      if (place?.rows !== rows) throw new Error(`a page states ${rows} rows and the offset index ${place?.rows ?? 0}`)
      this.next = place.firstRow
    }
    if (rows > this.left) throw new Error(`a page states ${rows} rows where ${this.left} are left of the row group`)
    this.next += rows
  }

  /** Has no rows from now on. */
  end(): void {
    this.rows = this.next
  }
}
