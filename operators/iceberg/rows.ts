import { and, type Expr, expr, gt, type Offer, sub, when } from '../../lib/core/index.js'
import { execution, removal } from '../l3/rows.js'

/** What an execution takes beyond the quantity that was shown. */
export const revealed = (): Expr => when(gt('ExecutionSize', 'OldSize'), sub('ExecutionSize', 'OldSize'), 0)

/** Executions that remove an order and take more than it showed. */
export const icebergs = ({ config }: Offer): Expr =>
  and(removal(), execution(), gt(revealed(), expr(config.min_revealed_qty ?? 0)))
