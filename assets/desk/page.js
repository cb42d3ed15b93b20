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

export function form (name, submit, parts, onsubmit) {
  const made = h('form', { 'aria-label': name, autocomplete: 'off' }, ...parts, h('button', { type: 'submit' }, submit))
  made.addEventListener('submit', event => {
    event.preventDefault()
    onsubmit(Object.fromEntries(new FormData(made)), made)
  })
  return made
}
