// Everything here is an improvement: each page works without it.
import {
  Button, CharacterCount, Checkboxes, ErrorSummary, NotificationBanner, PasswordInput, Radios, SkipLink, createAll
} from 'govuk-frontend'
import { leave } from './leave.js'
import { live } from './live.js'
import { log } from './log.js'
import { narrow } from './narrow.js'
import { ownKey } from './own_key.js'

const components = [Button, CharacterCount, Checkboxes, ErrorSummary, NotificationBanner, PasswordInput, Radios]

// A swap says only from where it was asked, so whatever there was made better before is left alone.
function enhance (scope) {
  for (const component of components) {
    const name = component.moduleName
    for (const one of scope.querySelectorAll(`[data-module="${name}"]:not([data-${name}-init])`)) started(component, one)
  }
  for (const select of scope.querySelectorAll('select[data-wb-narrow]')) narrow(select)
  for (const button of scope.querySelectorAll('button[data-wb-print][hidden]')) {
    button.hidden = false
    button.addEventListener('click', () => window.print())
  }
}

// One part that can't start takes no other with it.
function started (component, element) {
  try { new component(element) } catch (fault) { console.log(fault) }
}

document.body.classList.add('js-enabled', 'govuk-frontend-supported')
createAll(SkipLink)
enhance(document)
leave(document)
live(document, enhance)
log(document)
ownKey(document)
// htmx 4 says htmx:after:swap, htmx 2 htmx:afterSwap.
for (const name of ['htmx:after:swap', 'htmx:afterSwap']) {
  document.addEventListener(name, event => { if (event.target instanceof Element) enhance(event.target) })
}
