// What people see: the lock, then four things to do and who is here. A form keeps what was typed until it is on disk.
import { Door } from './door.js'
import { button, choice, field, form, h, radios, tell, warn } from './page.js'
import { possible } from './passkey.js'
import { nearly, referenceField } from './reference.js'
import { prepare, scannable, stop } from './scan.js'
import { Welcome } from './welcome.js'

const main = document.getElementById('main')
const label = (pairs, code) => pairs.find(([value]) => value === code)?.[1] ?? code

export class Screen {
  constructor ({ outbox, pieces, seats, people, post, words }) {
    Object.assign(this, { outbox, pieces, seats, people, post, words, tab: 'Register', forms: {} })
    for (const kind of ['change', 'piece']) outbox.addEventListener(kind, () => this.count())
    this.door = new Door(seats, {
      opened: () => this.begin(),
      locked: () => this.locked(),
      back: () => this.show(),
      signIn: '/sign-in/?next=/desk/',
      beside: () => [button('Welcome somebody in their language', () => this.greets(), 'quiet')]
    })
    this.welcome = new Welcome(words, () => this.show())
  }

  async count () {
    const [events, pieces] = [await this.outbox.unsent(), await this.pieces.unsent()]
    document.getElementById('unsent').textContent = `Unsent: ${events}${pieces ? `, pieces of pictures: ${pieces}` : ''}`
  }

  async greeted () {
    const me = await this.outbox.get('me')
    document.getElementById('label').textContent = me?.label ?? ''
    if (me && this.strange) await this.show()
  }

  async heard ({ status, said }) {
    await this.count()
    await this.seats.tidy()
    if (said?.code === 'lost') await this.lost()
    const parked = (said?.acks ?? []).findLast(ack => ack.status === 'parked')
    if (parked) this.waits = `${(this.words.reasons[parked.reason] ?? parked.reason).split('. ')[0].replace(/\.$/, '')}. What was written has arrived and waits for the manager.`
    const unknown = status === 401 && !this.strange ? 'The server does not know this tablet any more. You can go on writing, nothing is lost: the manager says on the page of the tablets which one this is.' : ''
    if (!this.greeting) warn(said?.code === 'lost' && 'This tablet was reported lost. What was written stays sealed on it. If it is found: the manager says so on the page of the tablets.', unknown, said?.clock && `Check the ${said.clock}.`, this.waits)
    if (status !== 200 || !this.seats.now) return
    await this.people.refresh()
    this.here()
  }

  locked () {
    stop()
    this.people.lock()
    Object.assign(this, { forms: {}, waits: '' })
    warn()
    return this.show()
  }

  // Nobody sits here any more, and what they read can't be opened again.
  async lost () {
    if (!(await this.seats.all()).length) return
    await this.seats.forget()
    tell('')
    await this.door.locked()
  }

  async show () {
    stop()
    this.greeting = false
    await Promise.all([this.count(), prepare()])
    this.strange = !(await this.outbox.get('me'))
    if (this.strange) return this.stranger()
    return this.seats.now ? this.work() : this.door.show()
  }

  // What stands above is for staff.
  greets () {
    tell('')
    warn()
    this.greeting = true
    this.welcome.show()
  }

  stranger () {
    main.replaceChildren(h('h1', {}, 'This browser is not a tablet yet'),
      h('p', {}, 'The manager signs in here and enrols it on the page of the centre’s tablets. '), h('a', { href: '/reception/' }, 'Go to the centre'))
  }

  async begin () {
    this.forms = {}
    await this.people.open()
    this.work()
    await this.people.refresh()
    this.here()
  }

  turnTo (name) {
    this.tab = name
    if (document.getElementById('notice').className) tell('')
    this.work();
    (main.querySelector('input[name=reference]') ?? main).focus()
  }

  // A form stays as it is while somebody looks at another; it goes with the lock.
  work () {
    stop()
    const tabs = ['Register', 'Give', 'Move', 'Note', 'Picture', 'Tablet'].map(name =>
      h('button', { type: 'button', 'aria-current': name === this.tab ? 'true' : false, onclick: () => this.turnTo(name) }, name))
    this.list = h('section', { 'aria-label': 'Who is here' })
    const welcome = button('Welcome', async () => { await this.door.lock(); this.greets() })
    main.replaceChildren(h('nav', { 'aria-label': 'What to do' }, ...tabs, welcome), h('h1', {}, this.tab), this.forms[this.tab] ??= this[this.tab](), this.list)
    this.here()
  }

  // Says "Saved" only after the disk did.
  async saved (made, write) {
    tell('') // what was said of the one before
    try {
      const done = await write()
      await this.count().catch(() => {}) // whoever reads "Saved" reads beside it that it waits
      made.reset()
      tell(`Saved${typeof done === 'string' ? `: ${done}` : ''}.`)
      this.here()
      made.elements[0]?.focus()
    } catch (reason) {
      const why = { QuotaExceededError: 'The tablet is full.', Picture: reason.message }[reason?.name] ?? 'The tablet’s disk does not answer.'
      tell(`NOT SAVED. ${why} Write it on paper; the form is kept.`, true)
    }
  }

  // Without a key there is no list, and nothing surprises.
  card (label, odd, more) {
    const asked = { known: ref => Boolean(this.people.who(ref)), odd: ref => this.seats.now?.key ? odd(ref) : '', ...more }
    return scannable(referenceField(label, asked))
  }

  who = () => this.card('Reference on the card', ref => this.people.who(ref) ? '' : `Nobody on this list has ${ref} yet. A new person? Register them first.`, { required: true, list: 'cards' })

  // Before somebody is made a second time.
  alike (ref) {
    const one = this.people.who(ref)
    if (one) return `${ref} is here already: ${this.facts(one)}. The same person? Then this is added to what is known.`
    const near = this.people.list.find(other => nearly(other.ref, ref))
    return near ? `${near.ref} is here already: ${this.facts(near)}. Look at the card again.` : ''
  }

  doing = (name, submit, parts, write) => form(name, submit, parts, (said, made) => this.saved(made, () => write(said)), () => tell('Not kept yet. What is wanted stands beside it.', true))

  Register () {
    return this.doing('Register somebody', 'Register', [
      this.card('Reference on the card; empty makes a new one', ref => this.alike(ref)),
      radios('Adult or child?', 'age', this.words.ages), choice('Language', 'language', this.words.languages, 'Not known yet')
    ], said => this.people.register(said))
  }

  Give () {
    const washes = new Set(this.words.things.filter(([, , washing]) => washing).map(([code]) => code))
    const what = choice('What?', 'thing', this.words.things, 'Choose; it stays for the next card')
    const thing = what.querySelector('select')
    thing.required = true // a scanner ends with Enter, which must not give away the first thing of the list
    const offer = h('span', { class: 'fault', role: 'status' })
    what.append(offer)
    thing.addEventListener('change', () => { offer.textContent = washes.has(thing.value) ? this.words.washing : '' })
    const latest = h('p', {})
    const asked = this.doing('Give or do', 'Given', [this.who(), what,
      field('How many?', 'quantity', { type: 'number', min: 1, max: 20, value: 1 }), field('Size or detail', 'detail', { maxlength: 200 })],
    async said => {
      const event = await this.people.give(said)
      for (const one of thing.options) one.defaultSelected = one.value === said.thing
      latest.replaceChildren(button(`Undo: ${label(this.words.things, said.thing)}, ${said.reference}`, () => this.takeBack(latest, said.reference, event), 'quiet'))
    })
    return h('div', {}, asked, latest)
  }

  // The wrong button or the wrong card: nothing of the next form is touched.
  async takeBack (latest, ref, event) {
    try {
      await this.people.takeBack(ref, event)
      latest.replaceChildren()
      tell(`Saved: it was not given to ${ref}.`)
    } catch { tell('NOT SAVED. Try again.', true) }
  }

  Move () {
    return this.doing('Move somebody', 'Moved', [this.who(), radios('Where are they now?', 'to', this.words.places)], said => this.people.move(said))
  }

  Note () {
    return this.doing('Write a note', 'Keep the note', [this.who(), field('For the shift; no story, no suspicion', 'text', { required: true, maxlength: 200 })], this.people.note)
  }

  Picture () {
    const file = field('The picture', 'file', { type: 'file', accept: 'image/*', capture: 'environment', required: true })
    return this.doing('Picture of belongings', 'Keep the picture', [h('p', {}, 'Of what they bring with them, if they agree. Never a face, never a paper with a name.'), this.who(), file], said => this.people.picture(said))
  }

  Tablet () {
    return h('div', {}, button('Save the sealed outbox to a file', () => this.export()), button('Somebody else sits down too', () => this.door.sitDown()),
      possible() ? button('Unlock with a passkey from now on', () => this.door.passkey()) : null, button('Close down and wipe this tablet', () => this.ends(), 'warn apart'))
  }

  async export () {
    const link = h('a', { download: 'desk-outbox.json', href: URL.createObjectURL(await this.outbox.file()) })
    link.click()
    tell('desk-outbox.json is among the downloads, sealed. Whoever runs the server can take it in; nobody else can open it.')
  }

  ends () {
    main.replaceChildren(h('h1', {}, 'Close down this tablet?'),
      h('p', {}, 'Everything is taken off it once the server has it. Nobody can write on it until the manager has enrolled it again.'),
      button('Wipe this tablet now', () => this.close(), 'warn'), button('Back', () => this.work(), 'quiet'))
    main.focus()
  }

  async close () {
    tell('One moment.')
    await this.outbox.send(this.post)
    const tail = await this.outbox.tail()
    const { status, said } = await this.post('close', { count: tail.dseq, head: tail.head, pieces: await this.pieces.unsent() })
    if (status !== 200) return tell(said?.code === 'unsent' ? 'Not everything has arrived yet. Nothing was wiped.' : 'The server does not answer. Nothing was wiped.', true)
    tell('')
    main.replaceChildren(h('h1', {}, 'Wiped'), h('p', {}, 'Everything is at the server and nothing is left on this tablet.'))
    document.getElementById('unsent').textContent = ''
  }

  here () {
    if (!this.seats.now || !this.list || this.list.contains(document.activeElement)) return
    const people = [...this.people.list].sort((a, b) => a.ref.localeCompare(b.ref))
    this.list.replaceChildren(h('h2', {}, `Here: ${people.length}`), h('ul', {}, ...people.map(one => this.person(one))),
      h('datalist', { id: 'cards' }, ...people.map(one => h('option', { value: one.ref }))))
  }

  facts = one => [label(this.words.ages, one.age), one.languages, label(this.words.places, one.where), one.needs].filter(Boolean).join(', ')

  person (one) {
    const clashes = Object.entries(one.clash).map(([name, values]) => h('div', { class: 'clash' },
      h('p', {}, `Two answers: ${this.asked(name)} The more serious stands until somebody chooses.`),
      ...values.map(({ value, by, on, at }) => button(`${this.answer(name, value)}: ${[by, on, new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })].filter(Boolean).join(', ')}`, () => this.choose(one, name, value)))))
    const apart = one.apart?.length ? h('strong', { class: 'fault' }, `Keep apart from ${one.apart.join(', ')}`) : null
    return h('li', {}, h('strong', {}, one.ref), ` ${this.facts(one)}`, apart, ...clashes)
  }

  asked (name) {
    const about = { age: 'Adult or child?', where: 'Where are they?', language: 'Which language?' }
    return about[name] ?? `Do they need this: ${label(this.words.needs, name.replace('need:', ''))}?`
  }

  answer (name, value) {
    const { ages, places, languages } = this.words
    if (name === 'language') return value.split('+').map(code => label(languages, code)).join(', ')
    return label({ age: ages, where: places }[name] ?? [], value)
  }

  async choose (one, name, value) {
    const type = name === 'where' ? 'moved' : 'corrected'
    const body = name === 'where' ? { to: value } : { field: name, value: name === 'language' ? value.split('+') : value }
    try {
      await this.people.change(one.ref, name, value, type, body)
      document.activeElement?.blur()
      tell('Saved.')
      this.here()
    } catch { tell('NOT SAVED. Try again.', true) }
  }
}
