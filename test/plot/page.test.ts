import { runInNewContext } from 'node:vm'
import t from 'tap'
import { page } from '../../lib/plot/index.js'
import { count, walk } from './walk.js'

const subject = { title: '</script><b>&', unit: 'GBX' }

/** The few parts of a browser that the script of a page needs. */
class Element {
  textContent = ''
  style: Record<string, string> = {}
  tabIndex = -1
  readonly attributes: Record<string, unknown> = {}
  readonly listeners: Record<string, (event: object) => void> = {}
  children: (Element | string)[] = []
  readonly viewBox = { baseVal: { width: 1200 } }
  setAttribute(name: string, value: unknown): void {
    this.attributes[name] = value
  }
  append(...children: (Element | string)[]): void {
    this.children.push(...children)
  }
  replaceChildren(...children: (Element | string)[]): void {
    this.children = children
  }
  getBoundingClientRect() {
    return { left: 100, width: 600 }
  }
  addEventListener(name: string, listener: (event: object) => void): void {
    this.listeners[name] = listener
  }
  text(): string {
    return this.textContent + this.children.map(child => (typeof child === 'string' ? child : child.text())).join('')
  }
}

/** Runs the script of a page. */
function opened(html: string) {
  const scripts = [...html.matchAll(/<script([^>]*)>([\s\S]*?)<\/script>/g)]
  const [data, script] = scripts.map(([, , content]) => content)
  const [svg, output, bars] = [new Element(), new Element(), new Element()]
  bars.textContent = data
  const document = {
    getElementById: () => bars,
    querySelector: (name: string) => (name === 'svg' ? svg : output),
    createElement: () => new Element(),
    createElementNS: () => new Element(),
  }
  runInNewContext(script, { document })
  const press = (key: string) => svg.listeners.keydown({ key, preventDefault: () => {} })
  return { scripts: scripts.length, svg, output, press, data: JSON.parse(data) }
}

t.test('a page holds the chart, and needs nothing else', async t => {
  const bars = walk(30)
  const html = page(bars, subject)
  t.equal(count(html, 'candle '), 30)
  t.ok(html.startsWith('<!doctype html>'))
  t.ok(html.includes('<title>&lt;/script&gt;&lt;b&gt;&amp; · 2026-02-03</title>'))
  t.equal(html.split('<title>').length - 1, 1, 'no tip over the chart')
  t.notOk(/(src|href)=|@import|url\(|https?:(?!\/\/www\.w3\.org\/2000\/svg)/.test(html))
  t.equal(page(bars, subject), html)
})

t.test('the read-out shows the bar under the pointer, or the one that keys choose', async t => {
  const bars = walk(30, {
    lines: [{ name: '</script>', values: Float64Array.from({ length: 30 }, (_, i) => (i < 9 ? NaN : i)) }],
  })
  const { scripts, svg, output, press, data } = opened(page(bars, subject))
  t.equal(scripts, 2, 'names cannot end a script')
  t.equal(data.x.length, 30)
  t.equal(
    output.text(),
    '2026-02-03 08:30Open 103.31568High 103.61568Low 103.01568Close 103.41568Volume 1.01k</script> 29',
  )
  const [cursor] = svg.children as Element[]
  t.equal(cursor.attributes.x1, data.x[29])

  svg.listeners.pointermove({ clientX: 100 + (data.x[4] + 3) / 2 })
  t.ok(output.text().startsWith('2026-02-03 08:05Open 100.49'))
  t.notOk(output.text().includes('script'), 'a null is left out')
  t.equal(cursor.attributes.x1, data.x[4])
  press('ArrowRight')
  t.equal(cursor.attributes.x1, data.x[5])
  press('Home')
  press('ArrowLeft')
  t.equal(cursor.attributes.x1, data.x[0], 'the first has none before it')
  press('End')
  t.equal(cursor.attributes.x1, data.x[29])
  press('x')
  t.equal(cursor.attributes.x1, data.x[29])
})

t.test('a page of no bars says so', async t => {
  const html = page(walk(0), subject)
  t.ok(html.includes('There are no prices to draw.'))
  t.equal(opened(html).output.text(), '')
})
