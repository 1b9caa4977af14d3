import type { Folding } from './folding.js'

interface Known {
  time: number
  conflict: number
  value: number | bigint
}

/** Remembers what was sent of entities' attributes, so that only what has changed is sent again. */
export class AttributeNews {
  private readonly sent: Known[][]

  constructor(private readonly attributes: readonly Folding[]) {
    this.sent = attributes.map(() => [])
  }

  /** Lists the entities, of `count`, in which an attribute has changed since this was last asked. */
  changed(count: number): Int32Array {
    const changed: number[] = []
    for (let entity = 0; entity < count; entity++) {
      let differs = false
      for (const [a, { whole }] of this.attributes.entries()) {
        if (Number.isNaN(whole.time[entity])) continue
        const now = { time: whole.time[entity], conflict: whole.conflict[entity], value: whole.value[entity] }
        const last = this.sent[a][entity]
        if (last && last.time === now.time && last.conflict === now.conflict && last.value === now.value) continue
        this.sent[a][entity] = now
        differs = true
      }
      if (differs) changed.push(entity)
    }
    return Int32Array.from(changed)
  }
}
