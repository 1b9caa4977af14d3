import { INDICATORS, type Indicator, indicatorColumns } from '../../operators/indicators/index.js'
import { textTable } from './table.js'

/** Prints every technical indicator: its group, what it reads, its options with defaults, the columns it makes. */
export function listIndicators(json: boolean): void {
  const byGroup = (a: Indicator, b: Indicator) => (a.group + a.name < b.group + b.name ? -1 : 1)
  const rows = [...INDICATORS.values()].sort(byGroup).map(indicator => {
    const { name, group, doc, inputs, options } = indicator
    const defaults = options.map(option => (option.name === 'timeperiod' ? 14 : option.default))
    return {
      name,
      group,
      doc,
      inputs,
      options: options.map(option => ({ ...option, default: option.name === 'timeperiod' ? 14 : option.default })),
      columns: indicatorColumns(indicator, defaults),
    }
  })
  if (json) {
    console.log(JSON.stringify(rows, null, 2))
    return
  }
  console.log(
    textTable(
      ['group', 'name', 'reads', 'options', 'makes', 'what'],
      rows.map(({ group, name, inputs, options, columns, doc }) => [
        group,
        name,
        inputs.join(', '),
        options.map(option => `${option.name} ${option.default}`).join(', '),
        columns.join(', '),
        doc,
      ]),
    ),
  )
}
