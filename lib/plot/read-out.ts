/** The script of a page: shows the values of the bar that is nearest to the pointer, or that the arrow keys chose. */
export const READ_OUT = `const { top, bottom, x, times, names, values } = JSON.parse(document.getElementById('bars').textContent)
const svg = document.querySelector('svg')
const output = document.querySelector('output')
const cursor = document.createElementNS('http://www.w3.org/2000/svg', 'line')
cursor.id = 'cursor'
cursor.setAttribute('y1', top)
cursor.setAttribute('y2', bottom)
cursor.style.display = 'none'
svg.append(cursor)
svg.tabIndex = 0
let shown = -1
function show(i) {
  if (i < 0 || i >= x.length) return
  shown = i
  cursor.setAttribute('x1', x[i])
  cursor.setAttribute('x2', x[i])
  cursor.style.display = ''
  const time = document.createElement('b')
  time.textContent = times[i]
  output.replaceChildren(time)
  names.forEach((name, n) => {
    if (values[n][i] === null) return
    const label = document.createElement('span')
    label.textContent = name + ' '
    output.append(label, values[n][i])
  })
}
function nearest(at) {
  let low = 0
  let high = x.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (x[middle] < at) low = middle + 1
    else high = middle
  }
  return low > 0 && at - x[low - 1] < x[low] - at ? low - 1 : low
}
svg.addEventListener('pointermove', event => {
  const { left, width } = svg.getBoundingClientRect()
  show(nearest(((event.clientX - left) / width) * svg.viewBox.baseVal.width))
})
svg.addEventListener('keydown', event => {
  const to = { ArrowLeft: shown < 0 ? x.length - 1 : shown - 1, ArrowRight: shown + 1, Home: 0, End: x.length - 1 }[event.key]
  if (to === undefined) return
  event.preventDefault()
  show(to)
})
show(x.length - 1)
`
