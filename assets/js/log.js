// For whoever keeps the log, hands on the keys: F2 takes the time at which something is heard, Control and Enter writes it.
export function log (scope) {
  const text = scope.querySelector('textarea[data-wb-log]')
  if (!text) return
  text.focus()
  text.form.addEventListener('keydown', event => {
    if (event.key === 'F2') { event.preventDefault(); stamp(text.form) }
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); text.form.requestSubmit() }
  })
}

function stamp (form) {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', day: 'numeric', month: 'numeric', year: 'numeric', hour: '2-digit', minute: '2-digit' })
    .formatToParts(new Date()).reduce((all, part) => ({ ...all, [part.type]: part.value }), {})
  const values = [parts.day, parts.month, parts.year, `${parts.hour}:${parts.minute}`]
  values.forEach((value, n) => { form.elements[`at_${n}`].value = value })
}
