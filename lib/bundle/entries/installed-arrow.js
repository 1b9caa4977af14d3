import * as installed from 'apache-arrow'
import { use } from './arrow-in-use.js'

use(installed)
