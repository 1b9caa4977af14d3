const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Escapes text for elements and attributes. Characters that XML cannot hold become the replacement character. */
export function escaped(text: string): string {
  return text
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]/gu, '\ufffd')
    .replace(/[&<>"']/g, character => ENTITIES[character])
}

/** Writes a coordinate with one decimal: the same text on every machine. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10 || 0)
}

type Attributes = Record<string, string | number>

/** Writes an element; children are markup already. */
export function element(name: string, attributes: Attributes, ...children: string[]): string {
  let text = `<${name}`
  for (const [key, value] of Object.entries(attributes))
    text += ` ${key}="${typeof value === 'number' ? px(value) : escaped(value)}"`
  return children.length === 0 ? `${text}/>` : `${text}>${children.join('')}</${name}>`
}

export function textAt(x: number, y: number, content: string, attributes: Attributes = {}): string {
  return element('text', { x, y, ...attributes }, escaped(content))
}
