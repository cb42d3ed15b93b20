// A box above a long list that narrows it as one types; what is chosen stays in the list.
export function narrow (select) {
  if (select.dataset.wbNarrowed) return
  select.dataset.wbNarrowed = 'yes'

  const words = select.dataset
  const all = [...select.options]
  const box = document.createElement('input')
  box.type = 'search'
  box.autocomplete = 'off'
  box.className = 'govuk-input wb-narrow__box'
  box.setAttribute('aria-label', words.wbNarrow)
  box.placeholder = words.wbNarrow
  box.setAttribute('aria-controls', select.id)
  const count = document.createElement('p')
  count.className = 'govuk-visually-hidden'
  count.setAttribute('role', 'status')
  select.before(box, count)

  const folded = text => text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase()

  box.addEventListener('input', () => {
    const wanted = folded(box.value.trim())
    const kept = all.filter(option => option.selected || option.value === '' || folded(option.text).includes(wanted))
    select.replaceChildren(...kept)
    count.textContent = `${kept.filter(option => option.value !== '').length} / ${all.filter(option => option.value !== '').length}`
  })
  // Enter in the box would send the form before anything is chosen.
  box.addEventListener('keydown', event => {
    if (event.key === 'Enter') { event.preventDefault(); select.focus() }
  })
}
