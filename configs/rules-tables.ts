import { KEY_COLUMNS, nearest, type Registry, type Table } from '../lib/core/index.js'
import { isAbsentTable, tableNames } from './availability.js'
import type { Finding } from './finding.js'
import { type LooseMap, listOf, mapOf, passesOf } from './loose.js'
import type { Path } from './path.js'

/** Checks column names of tables against the canonical ones, and names of tables. */
export function tableRules(config: LooseMap, registry: Registry): Finding[] {
  const data = mapOf(config.DATA)
  const tables: [string, Path, LooseMap][] = Object.entries(mapOf(data.tables)).map(([name, table]) => [
    name,
    ['DATA', 'tables', name],
    mapOf(table),
  ])
  tables.push(['reference', ['DATA', 'reference'], mapOf(data.reference)])
  return [
    ...tables.flatMap(([name, path, table]) => [
      ...columnRules(name, table, path, registry.tables.get(name)),
      ...dateColumnRule(table, path),
    ]),
    ...loadRule(config, registry),
    ...ownTableRule(config, registry),
  ]
}

function columnRules(name: string, table: LooseMap, path: Path, known: Table | undefined): Finding[] {
  const columns = mapOf(table.columns)
  const findings: Finding[] = Object.keys(mapOf(table.constants))
    .filter(column => Object.hasOwn(columns, column))
    .map(column => ({
      path: [...path, 'constants', column],
      problem: `${column} is also mapped in columns`,
      hint: 'keep one of the two',
      atKey: true,
    }))
  if (!known) return findings
  const names = canonicalNames(known)
  for (const field of ['columns', 'constants'] as const) {
    for (const column of Object.keys(mapOf(table[field]))) {
      if (names.has(column)) continue
      const near = nearest(column, names)
      if (near)
        findings.push({
          path: [...path, field, column],
          problem: `unknown canonical column, did you mean '${near}'?`,
          atKey: true,
        })
      else if (field === 'columns') {
        const problem = `is no canonical column of ${name}, so it is kept as an extra one`
        findings.push({
          path: [...path, field, column],
          problem,
          hint: 'name it under extra',
          warning: true,
          atKey: true,
        })
      }
    }
  }
  return findings
}

function canonicalNames(table: Table): Set<string> {
  const columns = [...table.columns, ...KEY_COLUMNS].map(column => column.name)
  return new Set([...columns, ...table.time, ...Object.keys(table.derived), 'Date'])
}

function dateColumnRule(table: LooseMap, path: Path): Finding[] {
  if (table.date_from !== 'column' || (table.date_column !== undefined && table.date_column !== null)) return []
  return [{ path: [...path, 'date_from'], problem: "'column' needs date_column" }]
}

/** A table of the user's own is there to be read by a pass; one that none names may be a known one, misspelt. */
function ownTableRule(config: LooseMap, registry: Registry): Finding[] {
  const known = tableNames(registry)
  const read = new Set([...listOf(config.TABLES_TO_LOAD), ...passesOf(config).flatMap(({ pass }) => textsIn(pass))])
  return Object.keys(mapOf(mapOf(config.DATA).tables))
    .filter(name => !known.includes(name) && !isAbsentTable(name, registry) && !read.has(name))
    .map(name => {
      const near = nearest(name, known)
      const at = { path: ['DATA', 'tables', name], atKey: true }
      if (near) return { ...at, problem: `there is no table '${name}'`, hint: `did you mean '${near}'?` }
      return {
        ...at,
        problem: 'no pass reads this table',
        hint: 'name it as source_pass or in module_inputs',
        warning: true,
      }
    })
}

/** Lists the texts in the blocks of a pass and in its module_inputs: names of sources are among them. */
function textsIn(pass: LooseMap): unknown[] {
  const { name: _, modules: __, ...blocks } = pass
  const texts = (value: unknown): unknown[] =>
    typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [value]
  return texts(blocks)
}

/** TABLES_TO_LOAD may name known tables and those that DATA describes. */
function loadRule(config: LooseMap, registry: Registry): Finding[] {
  const known = [...new Set([...tableNames(registry), ...Object.keys(mapOf(mapOf(config.DATA).tables))])]
  return listOf(config.TABLES_TO_LOAD).flatMap((name, i) => {
    if (typeof name !== 'string' || known.includes(name)) return []
    const near = nearest(name, known)
    return [
      {
        path: ['TABLES_TO_LOAD', i],
        problem: `there is no table '${name}'`,
        hint: near ? `did you mean '${near}'?` : `available: ${known.join(', ')}`,
      },
    ]
  })
}
