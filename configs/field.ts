import type { z } from 'zod'

/** Groups of the form, in the order it shows them. */
export const SECTIONS = ['Core', 'Data', 'Outputs', 'Automation', 'Execution', 'Advanced'] as const
export type Section = (typeof SECTIONS)[number]

/** Attaches what a form shows beside a field: its section and one line of explanation. */
export function field<T extends z.ZodType>(section: Section, description: string, schema: T): T {
  return schema.meta({ description, 'x-basalt': { section } }) as T
}
