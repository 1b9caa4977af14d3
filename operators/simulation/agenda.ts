/** Keeps the next event time of each of `size` actors and finds the earliest; equal times go by actor number. */
export class Agenda {
  private readonly heap: Int32Array // actors, as a binary heap
  private readonly times: Float64Array // by actor, ns

  constructor(times: readonly number[]) {
    this.times = Float64Array.from(times)
    this.heap = new Int32Array(times.length).map((_, i) => i)
    for (let i = (times.length >> 1) - 1; i >= 0; i--) this.sink(i)
  }

  /** The actor whose event is next. */
  get actor(): number {
    return this.heap[0]
  }

  /** Time of the next event; infinite when every actor is done. */
  get time(): number {
    return this.heap.length > 0 ? this.times[this.heap[0]] : Number.POSITIVE_INFINITY
  }

  /** Sets when the current actor acts again. */
  reschedule(time: number): void {
    this.times[this.heap[0]] = time
    this.sink(0)
  }

  private sink(start: number): void {
    const { heap } = this
    const moving = heap[start]
    let hole = start
    for (;;) {
      let child = 2 * hole + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && this.before(heap[child + 1], heap[child])) child++
      if (!this.before(heap[child], moving)) break
      heap[hole] = heap[child]
      hole = child
    }
    heap[hole] = moving
  }

  private before(a: number, b: number): boolean {
    const difference = this.times[a] - this.times[b]
    return difference < 0 || (difference === 0 && a < b)
  }
}
