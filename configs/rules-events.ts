import { EVENT_MODULE } from './availability.js'
import type { Finding } from './finding.js'
import { type LooseMap, mapOf, modulesOf, passesOf } from './loose.js'

/** Checks that the timeline of events and the module that makes it go together. */
export function eventRules(config: LooseMap): Finding[] {
  return passesOf(config).flatMap(({ index, pass }) => {
    const path = ['PASSES', index, 'timeline_mode']
    const mode = pass.timeline_mode
    const named = modulesOf(pass).includes(EVENT_MODULE)
    const isOn = named && mapOf(pass.external_event_analytics).ENABLED !== false
    if (mode === 'event' && !isOn) {
      const problem = named
        ? `timeline_mode event needs module ${EVENT_MODULE}, which ENABLED: false takes away`
        : `timeline_mode event needs module ${EVENT_MODULE}`
      return [{ path, problem, hint: `name it in modules, and the pass of the events as its source_pass` }]
    }
    if (!isOn || mode === undefined || mode === null || mode === 'event') return []
    const problem = `'${mode}' does not go with module ${EVENT_MODULE}, whose rows are those of the events`
    return [{ path, problem, hint: 'leave it out, or write event' }]
  })
}
