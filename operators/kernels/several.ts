import { kernel } from '../../lib/core/index.js'

/** Tells whether a group holds two different words. `word` is the first that came, -1 while none did; no order matters. */
export const several = kernel({
  name: 'several',
  doc: '1 when there are two different words, else 0; nulls skipped; 0 when nothing matched',
  input: 'code',
  fields: { word: { type: 'code', identity: -1 }, differs: { type: 'f64', identity: 0 } },
  continues: true,
  result: 'i64',
  update({ word, differs }, { count, index, slots, codes }) {
    for (let k = 0; k < count; k++) {
      const code = codes[index[k]]
      const slot = slots[index[k]]
      if (code < 0 || code === word[slot]) continue
      if (word[slot] < 0) word[slot] = code
      else differs[slot] = 1
    }
  },
  merge(into, slots, from, count) {
    for (let g = 0; g < count; g++) {
      const slot = slots[g]
      const code = from.word[g]
      if (from.differs[g] > 0) into.differs[slot] = 1
      if (code < 0 || code === into.word[slot]) continue
      if (into.word[slot] < 0) into.word[slot] = code
      else into.differs[slot] = 1
    }
  },
  read: ({ differs }, group) => (differs[group] > 0 ? 1n : 0n),
})
