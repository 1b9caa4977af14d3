import { use } from './arrow-in-use.mjs'
import * as parts from './arrow-parts.mjs'

use(parts)
