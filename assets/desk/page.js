// Small parts of a page.
export function h (tag, attributes = {}, ...inside) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value)
    else if (value !== false && value !== undefined) made.setAttribute(name, value === true ? '' : value)
  }
  made.append(...inside.filter(one => one !== null && one !== undefined))
  return made
}

// What was just done, or was not.
export function tell (said, bad = false) {
  const notice = document.getElementById('notice')
  notice.textContent = said
  notice.className = bad ? 'bad' : ''
}

// What is wrong for longer, beside what was just done and not in its place.
export function warn (...said) {
  const words = said.filter(Boolean).join(' ')
  const warning = document.getElementById('warning')
  if (warning.textContent !== words) warning.textContent = words
}

let pressed = false
addEventListener('pointerdown', () => { pressed = true }, true)
for (const kind of ['pointerup', 'pointercancel']) addEventListener(kind, () => { pressed = false }, true)

// Words that push a page down would move what lies under a finger, so that it misses: they wait until it is lifted.
export function onceLifted (then) {
  if (!pressed) return then()
  for (const kind of ['pointerup', 'pointercancel']) addEventListener(kind, () => setTimeout(then, 50), { once: true })
}

export const button = (words, onclick, kind = '') => h('button', { type: 'button', class: kind, onclick }, words)

export function field (label, name, attributes = {}) {
  return h('p', {}, h('label', { for: name }, label), h('input', { id: name, name, autocomplete: 'off', ...attributes }))
}

export function choice (label, name, pairs, empty) {
  const options = pairs.map(([value, words]) => h('option', { value }, words))
  if (empty !== undefined) options.unshift(h('option', { value: '' }, empty))
  return h('p', {}, h('label', { for: name }, label), h('select', { id: name, name }, ...options))
}

export function radios (legend, name, pairs) {
  const inside = pairs.map(([value, words]) => h('label', {}, h('input', { type: 'radio', name, value, required: true }), words))
  return h('fieldset', {}, h('legend', {}, legend), ...inside)
}

// `held` is told where a field keeps the form here: it says itself what is wrong.
export function form (name, submit, parts, onsubmit, held = () => {}) {
  const made = h('form', { 'aria-label': name, autocomplete: 'off', novalidate: true }, ...parts, h('button', { type: 'submit' }, submit))
  made.addEventListener('submit', event => {
    event.preventDefault()
    const wrong = missing(made)
    const stays = [...made.elements].find(one => one.stays?.()) ?? wrong
    if (!stays) return onsubmit(Object.fromEntries(new FormData(made)), made)
    held()
    stays.focus()
    stays.select?.()
  })
  made.addEventListener('input', ({ target }) => around(target).querySelector('.missing')?.remove())
  made.addEventListener('reset', () => {
    for (const one of made.elements) one.forget?.()
    for (const one of made.querySelectorAll('.missing')) one.remove()
  })
  return made
}

const around = one => one.closest('fieldset') ?? one.parentElement

// Beside each field what is still wanted there; the first of them. A browser's own bubble is small and soon gone.
function missing (made) {
  for (const one of made.querySelectorAll('.missing')) one.remove()
  const asked = new Map()
  for (const one of made.elements) if (one.name && !one.validity.valid && !asked.has(one.name)) asked.set(one.name, one)
  for (const one of asked.values()) around(one).append(h('span', { class: 'fault missing', role: 'alert' }, wanted(one)))
  return asked.values().next().value
}

function wanted ({ type, min, max, validity, dataset }) {
  if (type === 'number') return `A number from ${min} to ${max}.`
  if (type === 'file') return 'Take a picture first.'
  if (type === 'radio' || type === 'select-one') return 'Choose one of these.'
  return dataset.wanted ?? (validity.valueMissing ? 'This is still empty.' : 'This does not look right.')
}
