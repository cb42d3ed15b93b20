// The lock of a page: who sits here and their PIN, the key that blanks the screen, and what locks by itself.
import { button, field, form, h, radios, tell } from './page.js'

const AWAY = 2 * 60_000
const PIN = { type: 'password', inputmode: 'numeric', required: true, 'data-wanted': 'Type the PIN.' }
const main = document.getElementById('main')

export class Door {
  // `opened` when somebody may work, `locked` when nobody may any more, `back` to what stood there before;
  // `beside` makes what a locked tablet offers besides.
  constructor (seats, { opened, locked, back, signIn, beside }) {
    Object.assign(this, { seats, opened, locked, back, signIn, beside })
    document.getElementById('blank').addEventListener('click', () => this.lock())
    addEventListener('keydown', event => this.blankKey(event))
    for (const kind of ['pointerdown', 'keydown']) addEventListener(kind, () => this.touched())
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) this.left = Date.now()
      else if (Date.now() - this.left > AWAY) this.lock()
    })
  }

  touched () {
    clearTimeout(this.idle)
    this.idle = setTimeout(() => this.lock(), AWAY)
  }

  // Escape twice blanks the screen at once.
  blankKey (event) {
    if (event.key !== 'Escape') return
    if (Date.now() - (this.escaped ?? 0) < 700) this.lock()
    this.escaped = Date.now()
  }

  lock () {
    if (!this.seats.now) return undefined
    this.seats.lock()
    tell('') // it may name a card
    return this.locked()
  }

  async show () {
    const seats = await this.seats.all()
    const parts = [radios('Who are you?', 'seat', seats.map(one => [one.id, one.name])), field('PIN', 'pin', { ...PIN, maxlength: 12 }),
      field('Shift card, if there is no network', 'card', { maxlength: 60, autocapitalize: 'characters' })]
    const tried = async (made, unlocked) => {
      tell('One moment.')
      const fault = await unlocked
      made.elements.pin.value = ''
      if (!fault) return this.open()
      tell(fault, true)
      if ((await this.seats.all()).length !== seats.length) await this.show()
    }
    const unlock = form('Unlock', 'Unlock', parts, ({ seat, pin, card }, made) => tried(made, this.seats.unlock(seat, pin, card)))
    if (seats.some(one => one.passkey)) {
      unlock.append(button('Unlock with a passkey', () => tried(unlock, this.seats.unlockByPasskey(unlock.elements.seat.value, unlock.elements.card.value)), 'quiet'))
    }
    if (seats.length === 1) unlock.elements.seat.checked = true
    main.replaceChildren(h('h1', {}, 'Locked'), seats.length ? unlock : h('p', {}, 'Nobody sits here yet.'), button('Sit down at this tablet', () => this.sitDown()), ...this.beside())
  }

  passkey () {
    const bind = form('Passkey', 'Make a passkey', [field('Your PIN once more', 'pin', PIN)], async ({ pin }, made) => {
      tell('One moment.')
      const fault = await this.seats.addPasskey(pin)
      made.reset()
      tell(fault || 'From now on your passkey unlocks this tablet too.', Boolean(fault))
      if (!fault) this.back()
    })
    main.replaceChildren(h('h1', {}, 'Unlock with a passkey'), h('p', {}, 'A fingerprint, a face or a security key in place of the PIN, on this tablet, for this shift.'), bind, button('Back', () => this.back(), 'quiet'))
  }

  async sitDown () {
    const somebody = await this.seats.signedIn()
    if (!somebody) {
      main.replaceChildren(h('h1', {}, 'Sign in first'), h('p', {}, 'Sign in and to your shift, then come back here. This needs the network.'),
        h('a', { href: this.signIn }, 'Sign in'), button('Back', () => this.back()))
      return
    }
    const pins = [field('A PIN of six digits for this shift', 'pin', { ...PIN, pattern: '[0-9]{6}', maxlength: 6, 'data-wanted': 'Six digits, such as 4 0 7 1 9 3.' }), field('The same again', 'again', { ...PIN, maxlength: 6, 'data-wanted': 'Type the six digits once more.' })]
    main.replaceChildren(h('h1', {}, `Sit down, ${somebody.name}`), form('Sit down', 'Sit down', pins, async ({ pin, again }) => {
      if (pin !== again) return tell('The two PINs differ.', true)
      tell('One moment.')
      const fault = await this.seats.sitDown(somebody, pin)
      if (fault) tell(fault, true)
      else await this.open()
    }))
  }

  async open () {
    this.touched()
    tell(this.seats.now.key ? '' : 'No network and no shift card: you can write, and read nothing.')
    await this.opened()
  }
}
