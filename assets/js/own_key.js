// A passkey that holds a secret of its own (WebAuthn's PRF) opens somebody's key in place of what they type.
import { bytes64, text64 } from '../desk/bytes.js'
import { asked, made, possible } from '../desk/passkey.js'

export function ownKey (root) {
  if (!possible()) return
  for (const part of root.querySelectorAll('[data-wb-passkey-part]')) part.hidden = false
  for (const form of root.querySelectorAll('form[data-wb-passkey]')) ready(form)
}

function ready (form) {
  form.hidden = false
  form.addEventListener('submit', async event => {
    event.preventDefault()
    const said = form.querySelector('[data-wb-said]')
    try {
      said.textContent = ''
      if (await (form.dataset.wbPasskey === 'add' ? add(form) : open(form))) return form.submit()
      said.textContent = said.dataset.wbNone
    } catch {
      said.textContent = 'The passkey did not answer. Try again, or use your passphrase.'
    }
  })
}

function fill (form, values) {
  for (const [name, value] of Object.entries(values)) form.querySelector(`[name$="${name}"]`).value = text64(value)
  return true
}

async function add (form) {
  const key = await made()
  return key && fill(form, { credential: key.id, salt: key.salt, secret_password: key.secret })
}

async function open (form) {
  const { credential, salt } = form.dataset
  return fill(form, { secret_password: await asked({ id: bytes64(credential), salt: bytes64(salt) }) })
}
