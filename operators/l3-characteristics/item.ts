import { itemsOf } from '../characteristics/items.js'

/** The items of semantics 5.14, L3. A new one is one exported metric; the config's choices follow. */
export const { family: orderItems, item, has } = itemsOf('l3_characteristics', 'message', 'L3EventCount')
