import {
  and,
  BasaltError,
  type Carried,
  type ColumnType,
  columnsOf,
  type Expr,
  type Fold,
  type FoldRequest,
  identityColumns,
  or,
  type Registry,
  type SeriesKernel,
  TRUE,
} from '../core/index.js'
import type { Catalog } from './catalog.js'
import type { Needs } from './needs.js'

/** The distinct folds of a pass. Metrics that ask for the same fold over the same rows share it. */
export class FoldSet {
  readonly folds: Fold[] = []
  private readonly numbers = new Map<string, number>()

  constructor(
    private readonly registry: Registry,
    private readonly catalog: Catalog,
    private readonly needs: Needs,
  ) {}

  /** Returns the number of the fold that answers a request over the rows `base`. */
  add(use: FoldRequest, base: Expr, by: string, path: string): number {
    const inputs = use.inputs.map(input => this.needs.resolve(input, by, path))
    const kernel = this.kernelFor(use.kernel, inputs)
    const { identities, everyRow } = this.seriesKernel(kernel) ?? {}
    if (identities || everyRow) return this.putWhole({ ...use, kernel, inputs }, base, by, path)
    return this.put({ ...use, kernel, inputs }, base, by, path)
  }

  private seriesKernel(name: string): SeriesKernel | undefined {
    const kernel = this.registry.get('kernels', name)
    return kernel.kind === 'series' ? kernel : undefined
  }

  /** Puts a fold whose kernel keeps identities as they are read, or is told which rows count instead of given them. */
  private putWhole(use: FoldRequest, base: Expr, by: string, path: string): number {
    const { kernel, parameters } = use
    const { inputs: names, identities = [], everyRow } = this.seriesKernel(kernel) as SeriesKernel
    const rows = this.needs.resolve(and(base, use.where ?? TRUE), by, path)
    const marked = everyRow && rows.op !== 'true'
    const inputs = marked ? [...use.inputs, rows] : use.inputs
    const types = inputs.map((input, i) => (identities.includes(names[i]) ? this.identityType(input, by) : 'f64'))
    return this.place({
      kernel,
      inputs,
      where: everyRow ? TRUE : rows,
      ...(parameters && { parameters }),
      ...(identities.length > 0 && { types }),
    })
  }

  /** Returns how an identity is kept: as integers where all of its columns are, else as text. */
  private identityType(input: Expr, by: string): ColumnType {
    const columns = identityColumns(input)
    const types = columns.map(column => this.typeOf({ op: 'col', name: column }) ?? 'str')
    const wrong = types.findIndex(type => type !== 'str' && type !== 'i64')
    if (wrong < 0) return types.includes('str') ? 'str' : 'i64'
    throw new BasaltError(
      'config',
      `${by}: column '${columns[wrong]}' tells identities apart; it must be text or integers`,
    )
  }

  /** Returns the number of the fold that a sequence kernel makes of the rows `base`. */
  addSequence(use: FoldRequest, base: Expr, by: string, path: string): number {
    const inputs = use.inputs.map(input => this.needs.resolve(input, by, path))
    return this.put({ ...use, inputs }, base, by, path)
  }

  private put(use: FoldRequest, base: Expr, by: string, path: string): number {
    const { kernel, inputs } = use
    const where = this.needs.resolve(and(base, use.where ?? TRUE), by, path)
    return this.place({ kernel, inputs, where, ...(use.parameters && { parameters: use.parameters }) })
  }

  private place(fold: Fold): number {
    const key = JSON.stringify(fold)
    const known = this.numbers.get(key)
    if (known !== undefined) return known
    this.numbers.set(key, this.folds.length)
    return this.folds.push(fold) - 1
  }

  /** Returns the number of a fold over the same values and rows as another. `values` counts those that are not null. */
  part(number: number, kernel: string): number {
    const { inputs, where } = this.folds[number]
    if (kernel !== 'values') return this.place({ kernel: this.kernelFor(kernel, inputs), inputs, where })
    const present = and(where, { op: 'not', args: [{ op: 'is_null', args: [inputs[0]] }] })
    return this.place({ kernel: 'count', inputs: [], where: present })
  }

  /** Sums, extremes and edges of integer columns stay 64-bit: they have kernels of their own. */
  private kernelFor(name: string, [input]: Expr[]): string {
    const kernel = this.registry.get('kernels', name)
    if (kernel.kind === 'sequence') {
      throw new BasaltError('config', `kernel '${name}' makes rows; a metric needs one that makes a value a bucket`)
    }
    if (kernel.kind === 'series' || input?.op !== 'col') return name
    const type = this.typeOf(input)
    if (type === 'i64') return kernel.variants?.i64 ?? name
    return type === 'str' ? (kernel.variants?.code ?? name) : name
  }

  /** Returns the type of an input that is a column as it is read. */
  typeOf(input: Expr): ColumnType | undefined {
    return input.op === 'col' ? this.catalog.bindings.get(input.name)?.type : undefined
  }

  /** Returns the type of a fold's own value. */
  resultOf(number: number): ColumnType {
    const kernel = this.registry.get('kernels', this.folds[number].kernel)
    return kernel.kind === 'kernel' ? kernel.result : (kernel.kind === 'series' && kernel.result) || 'f64'
  }

  /** Returns how a kernel's value is carried from bucket to bucket; undefined where it is made of its bucket alone. */
  carriedBy(name: string): Carried | undefined {
    const kernel = this.registry.get('kernels', name)
    return kernel.kind === 'series' ? kernel.carried : undefined
  }

  /** Tells whether a fold divides by the length of its bucket, or cuts along it. */
  needsSpan(number: number): boolean {
    const kernel = this.registry.get('kernels', this.folds[number].kernel)
    return kernel.kind === 'series' && kernel.span === true
  }

  /** Tells whether a fold depends on the total order of rows. */
  get ordered(): boolean {
    return this.folds.some(fold => {
      const kernel = this.registry.get('kernels', fold.kernel)
      return kernel.kind !== 'kernel' || kernel.ordered === true
    })
  }

  /** Lists the columns that a fold reads. */
  columns(number: number): string[] {
    const { where, inputs } = this.folds[number]
    return columnsOf(where, ...inputs)
  }

  /** Lists the columns that any fold reads. */
  read(): Set<string> {
    return new Set(this.folds.flatMap((_, number) => this.columns(number)))
  }

  /** Rows that enter a fold which uses all of these columns: other rows may hold what they like in them. */
  rowsUsing(names: readonly string[]): Expr {
    const using = this.folds.filter((_, number) => {
      const read = new Set(this.columns(number))
      return names.every(name => this.needs.covers(read, name))
    })
    return or(...using.map(({ where }) => where))
  }
}
