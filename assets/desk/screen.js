// What people see: the lock, then four things to do and who is here. A form keeps what was typed until it is on disk.
import { button, choice, field, form, h, radios } from './page.js'

const words = JSON.parse(document.getElementById('words').textContent)
const main = document.getElementById('main')
const AWAY = 2 * 60_000
const label = (pairs, code) => pairs.find(([value]) => value === code)?.[1] ?? code

export class Screen {
  constructor (outbox, sitting, post) {
    Object.assign(this, { outbox, sitting, post, tab: 'Register', notes: {} })
    outbox.addEventListener('change', () => this.count())
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
    if (!this.sitting.now) return
    this.sitting.lock()
    this.show()
  }

  tell (words, bad = false) {
    const notice = document.getElementById('notice')
    notice.textContent = words
    notice.className = bad ? 'bad' : ''
  }

  async count () { document.getElementById('unsent').textContent = `Unsent: ${await this.outbox.unsent()}` }

  async greeted () {
    const me = await this.outbox.get('me')
    document.getElementById('label').textContent = me?.label ?? ''
    if (me && this.strange) await this.show()
  }

  async heard ({ status, said }) {
    await this.count()
    if (said?.code === 'lost') { await this.sitting.forget(); await this.show(); this.tell('This tablet was reported lost. What was written stays sealed on it.', true) }
    if (status === 401 && !this.strange) this.tell('The server does not know this tablet any more. You can go on writing, nothing is lost: the manager says on the page of the tablets which one this is.', true)
    if (said?.clock) this.tell(`Check the ${said.clock}.`, true)
    if (status !== 200 || !this.sitting.now) return
    await this.sitting.refresh()
    this.people()
  }

  async show () {
    await this.count()
    this.strange = !(await this.outbox.get('me'))
    if (this.strange) return this.stranger()
    return this.sitting.now ? this.work() : this.door()
  }

  stranger () {
    main.replaceChildren(h('h1', {}, 'This browser is not a tablet yet'),
      h('p', {}, 'The manager signs in here and enrols it on the page of the centre’s tablets. '), h('a', { href: '/reception/' }, 'Go to the centre'))
  }

  async door () {
    const seats = await this.sitting.seats()
    const parts = [radios('Who are you?', 'seat', seats.map(one => [one.id, one.name])),
      field('PIN', 'pin', { type: 'password', inputmode: 'numeric', required: true, maxlength: 12 }),
      field('Shift card, if there is no network', 'card', { maxlength: 60 })]
    const unlock = form('Unlock', 'Unlock', parts, async ({ seat, pin, card }, made) => {
      this.tell('One moment.')
      const fault = await this.sitting.unlock(seat, pin, card)
      made.elements.pin.value = ''
      if (!fault) return this.begin()
      this.tell(fault, true)
      if ((await this.sitting.seats()).length !== seats.length) await this.door()
    })
    main.replaceChildren(h('h1', {}, 'Locked'), seats.length ? unlock : h('p', {}, 'Nobody sits here yet.'), button('Sit down at this tablet', () => this.sitDown()))
  }

  async sitDown () {
    const somebody = await this.sitting.signedIn()
    if (!somebody) {
      main.replaceChildren(h('h1', {}, 'Sign in first'), h('p', {}, 'Sign in and to your shift, then come back here. This needs the network.'),
        h('a', { href: '/sign-in/?next=/desk/' }, 'Sign in'), button('Back', () => this.show()))
      return
    }
    const pins = [field('A PIN of six digits for this shift', 'pin', { type: 'password', inputmode: 'numeric', required: true, pattern: '[0-9]{6}' }),
      field('The same again', 'again', { type: 'password', inputmode: 'numeric', required: true })]
    main.replaceChildren(h('h1', {}, `Sit down, ${somebody.name}`), form('Sit down', 'Sit down', pins, async ({ pin, again }) => {
      if (pin !== again) return this.tell('The two PINs differ.', true)
      this.tell('One moment.')
      const fault = await this.sitting.sitDown(somebody, pin)
      if (fault) this.tell(fault, true)
      else await this.begin()
    }))
  }

  async begin () {
    this.touched()
    this.tell(this.sitting.now.key ? '' : 'No network and no shift card: you can write, and read nothing.')
    await this.work()
    await this.sitting.refresh()
    this.people()
  }

  work () {
    const tabs = ['Register', 'Give', 'Move', 'Note', 'Tablet'].map(name =>
      h('button', { type: 'button', 'aria-current': name === this.tab ? 'true' : false, onclick: () => { this.tab = name; this.work() } }, name))
    this.list = h('section', { 'aria-label': 'Who is here' })
    main.replaceChildren(h('nav', { 'aria-label': 'What to do' }, ...tabs), h('h1', {}, this.tab), this[this.tab](), this.list)
    this.people()
  }

  // Says "Saved" only after the disk did.
  async saved (made, write) {
    try {
      const done = await write()
      made.reset()
      this.tell(`Saved${typeof done === 'string' ? `: ${done}` : ''}.`)
      this.people()
      made.elements[0]?.focus()
    } catch (reason) {
      const full = reason?.name === 'QuotaExceededError'
      this.tell(`NOT SAVED. ${full ? 'The tablet is full.' : 'The tablet’s disk does not answer.'} Write it on paper; the form is kept.`, true)
    }
  }

  who = () => field('Reference on the card', 'reference', { required: true, maxlength: 20, list: 'cards', autocapitalize: 'characters' })

  doing = (name, submit, parts, write) => form(name, submit, parts, (said, made) => this.saved(made, () => write(said)))

  Register () {
    return this.doing('Register somebody', 'Register', [
      field('Reference on the card; empty makes a new one', 'reference', { maxlength: 20, autocapitalize: 'characters' }),
      radios('Adult or child?', 'age', words.ages), choice('Language', 'language', words.languages, 'Not known yet')
    ], said => this.sitting.register(said))
  }

  Give () {
    const washes = new Set(words.things.filter(([, , washing]) => washing).map(([code]) => code))
    const what = choice('What?', 'thing', words.things)
    what.addEventListener('change', event => this.tell(washes.has(event.target.value) ? words.washing : ''))
    return this.doing('Give or do', 'Given', [this.who(), what,
      field('How many?', 'quantity', { type: 'number', min: 1, max: 20, value: 1 }), field('Size or detail', 'detail', { maxlength: 200 })], this.sitting.give)
  }

  Move () {
    return this.doing('Move somebody', 'Moved', [this.who(), radios('Where are they now?', 'to', words.places)], said => this.sitting.move(said))
  }

  Note () {
    return this.doing('Write a note', 'Keep the note', [this.who(), field('For the shift; no story, no suspicion', 'text', { required: true, maxlength: 200 })], this.sitting.note)
  }

  Tablet () {
    return h('div', {}, button('Save the sealed outbox to a file', () => this.export()), button('Close down and wipe this tablet', () => this.close(), 'warn'),
      button('Somebody else sits down too', () => this.sitDown()))
  }

  async export () {
    const link = h('a', { download: 'desk-outbox.json', href: URL.createObjectURL(await this.outbox.file()) })
    link.click()
  }

  async close () {
    await this.outbox.send(this.post)
    const tail = await this.outbox.tail()
    const { status, said } = await this.post('close', { count: tail.dseq, head: tail.head })
    if (status !== 200) return this.tell(said?.missing ? 'Not everything has arrived yet. Nothing was wiped.' : 'The server does not answer. Nothing was wiped.', true)
    main.replaceChildren(h('h1', {}, 'Wiped'), h('p', {}, 'Everything is at the server and nothing is left on this tablet.'))
    document.getElementById('unsent').textContent = ''
  }

  people () {
    if (!this.sitting.now || !this.list || this.list.contains(document.activeElement)) return
    const people = [...this.sitting.people].sort((a, b) => a.ref.localeCompare(b.ref))
    this.list.replaceChildren(h('h2', {}, `Here: ${people.length}`), h('ul', {}, ...people.map(one => this.person(one))),
      h('datalist', { id: 'cards' }, ...people.map(one => h('option', { value: one.ref }))))
  }

  person (one) {
    const facts = [label(words.ages, one.age), one.languages, label(words.places, one.where), one.needs].filter(Boolean).join(', ')
    const clashes = Object.entries(one.clash).map(([name, values]) => h('div', { class: 'clash' },
      h('p', {}, `Two answers for ${name}. The more serious stands until somebody chooses.`),
      ...values.map(({ value, by, on, at }) => button(`${value}: ${by}, ${on}, ${new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}`, () => this.choose(one, name, value)))))
    return h('li', {}, h('strong', {}, one.ref), ` ${facts}`, ...clashes)
  }

  async choose (one, name, value) {
    const type = name === 'where' ? 'moved' : 'corrected'
    const body = name === 'where' ? { to: value } : { field: name, value: name === 'language' ? value.split('+') : value }
    try {
      await this.sitting.change(one.ref, name, value, type, body)
      document.activeElement?.blur()
      this.tell('Saved.')
      this.people()
    } catch { this.tell('NOT SAVED. Try again.', true) }
  }
}
