// What a bronze sees: the lock, then one big button for each thing to write, and who was found here.
import { Door } from '../desk/door.js'
import { button, choice, field, form, h, radios, tell, warn } from '../desk/page.js'
import { possible } from '../desk/passkey.js'
import { referenceField } from '../desk/reference.js'

const main = document.getElementById('main')
const label = (pairs, code) => pairs.find(([value]) => value === code)?.[1] ?? code

export class Screen {
  constructor ({ outbox, seats, site, post, words }) {
    Object.assign(this, { outbox, seats, site, post, words, tab: 'Found' })
    outbox.addEventListener('change', () => this.count())
    this.door = new Door(seats, {
      opened: () => this.begin(),
      locked: () => { site.lock(); this.show() },
      back: () => this.show(),
      signIn: '/sign-in/?next=/site/',
      beside: () => []
    })
  }

  async count () { document.getElementById('unsent').textContent = `Unsent: ${await this.outbox.unsent()}` }

  async greeted () {
    const me = await this.named()
    if (me && this.strange) await this.show()
  }

  // What this phone is called, and on every screen of it whether it plays an exercise.
  async named () {
    const me = await this.outbox.get('me')
    document.getElementById('label').textContent = me?.label ?? ''
    document.getElementById('exercise').hidden = !me?.exercise
    document.title = me?.exercise ? 'EXERCISE: Site' : 'Site'
    this.site.exercise = Boolean(me?.exercise)
    return me
  }

  async heard ({ status, said }) {
    await this.count()
    if (said?.code === 'lost') await this.lost()
    const parked = (said?.acks ?? []).findLast(ack => ack.status === 'parked')
    if (parked) this.waits = `Waits for silver: ${this.words.reasons[parked.reason] ?? parked.reason}`
    const unknown = status === 401 && !this.strange ? 'The server does not know this phone any more. Nothing is lost: enrol it again from the board.' : ''
    warn(said?.code === 'lost' && 'This phone was reported lost. What was written stays sealed on it.', unknown, said?.clock && `Check the ${said.clock}.`, this.waits)
    if (status !== 200 || !this.seats.now) return
    await this.site.refresh()
    this.here()
  }

  // Nobody sits here any more, and what they read can't be opened again.
  async lost () {
    if (!(await this.seats.all()).length) return
    await this.seats.forget()
    tell('')
    await this.door.locked()
  }

  async show () {
    await this.count()
    this.strange = !(await this.named())
    if (this.strange) return this.stranger()
    return this.seats.now ? this.work() : this.door.show()
  }

  stranger () {
    main.replaceChildren(h('h1', {}, 'This browser is not a phone of a site yet'),
      h('p', {}, 'Sign in here, open your site on the board and enrol it there. '), h('a', { href: '/op-safety/' }, 'Go to the board'))
  }

  async begin () {
    await this.site.open()
    this.work()
    await this.site.refresh()
    this.here()
  }

  work () {
    const tabs = ['Found', 'Hand over', 'Site', 'Count', 'Log', 'Phone'].map(name =>
      h('button', { type: 'button', 'aria-current': name === this.tab ? 'true' : false, onclick: () => { this.tab = name; this.work() } }, name))
    this.list = h('section', { 'aria-label': 'Who was found here' })
    main.replaceChildren(h('nav', { 'aria-label': 'What to write' }, ...tabs), h('h1', {}, this.tab), this[this.tab.replace(' over', '')](), this.list)
    this.here()
  }

  // Says "Saved" only after the disk did.
  async saved (made, write) {
    tell('') // what was said of the one before
    try {
      const done = await write()
      await this.count().catch(() => {}) // whoever reads "Saved" reads beside it that it waits
      made.reset()
      tell(`Saved${/^(P|EX)-/.test(done) ? `: ${done}` : ''}.`)
      this.here()
      made.elements[0]?.focus()
    } catch (reason) {
      const full = reason?.name === 'QuotaExceededError'
      tell(`NOT SAVED. ${full ? 'The phone is full.' : 'The phone’s disk does not answer.'} Say it on the radio; the form is kept.`, true)
    }
  }

  doing = (name, submit, parts, write) => form(name, submit, parts, (said, made) => this.saved(made, () => write(said)), () => tell('Not kept yet. What is wanted stands beside it.', true))

  // Without a key there is no list, and nothing surprises.
  card = (label, odd, more) => referenceField(label, {
    prefix: () => this.site.prefix, known: ref => Boolean(this.site.who(ref)), odd: ref => this.seats.now?.key ? odd(ref, this.site.who(ref)) : '', ...more
  })

  Found () {
    return this.doing('A person found', 'Record the person', [
      this.card('Reference on the card; empty makes a new one', (ref, one) => one ? `${ref} is written down here already. Look at the card.` : ''),
      radios('Adult or child?', 'age', this.words.ages), choice('Sex', 'sex', this.words.sexes.toReversed()),
      choice('Injury', 'injury', this.words.injuries.toReversed()), choice('Language', 'language', this.words.languages, 'Not known yet')
    ], said => this.site.found(said))
  }

  Hand () {
    const targets = [...this.site.seen.vehicles, ...this.site.seen.centres]
    return this.doing('Hand somebody over', 'Hand them over', [
      this.card('Reference', (ref, one) => one ? '' : `Nobody with ${ref} is written down here. A new person? Write them down under Found first.`, { required: true, list: 'references' }),
      radios('Into whose hands?', 'to', this.words.places), choice('Which vehicle or centre?', 'target', targets, 'None')
    ], said => this.site.hand(said))
  }

  Site () {
    return this.doing('What happened at the site', 'Record it', [
      radios('What happened?', 'state', this.words.states), choice('If you went in: under which power?', 'power', this.words.powers.filter(([code]) => code), this.words.powers[0][1])
    ], this.site.move)
  }

  Count () {
    return this.doing('A count or a hazard', 'Tell everybody on site', [
      field('How many people are inside?', 'inside', { type: 'number', min: 0, max: 2000 }), field('What could hurt somebody? No names.', 'text', { maxlength: 400 })
    ], this.site.count)
  }

  Log () {
    return this.doing('The log', 'Write it in the log', [field('What happened? No names.', 'text', { required: true, maxlength: 900 })], this.site.log)
  }

  Phone () {
    return h('div', {}, button('Save the sealed outbox to a file', () => this.export()), button('Somebody else sits down too', () => this.door.sitDown()),
      possible() ? button('Unlock with a passkey from now on', () => this.door.passkey()) : null, button('Close down and wipe this phone', () => this.ends(), 'warn apart'))
  }

  async export () {
    h('a', { download: 'site-outbox.json', href: URL.createObjectURL(await this.outbox.file()) }).click()
    tell('site-outbox.json is among the downloads, sealed. Whoever runs the server can take it in; nobody else can open it.')
  }

  ends () {
    main.replaceChildren(h('h1', {}, 'Close down this phone?'), h('p', {}, 'Everything is taken off it once the server has it. It must be enrolled again before anybody can write on it.'),
      button('Wipe this phone now', () => this.close(), 'warn'), button('Back', () => this.work(), 'quiet'))
    main.focus()
  }

  async close () {
    tell('One moment.')
    await this.outbox.send(this.post)
    const tail = await this.outbox.tail()
    const { status, said } = await this.post('close', { count: tail.dseq, head: tail.head })
    if (status !== 200) return tell(said?.missing ? 'Not everything has arrived yet. Nothing was wiped.' : 'The server does not answer. Nothing was wiped.', true)
    tell('')
    main.replaceChildren(h('h1', {}, 'Wiped'), h('p', {}, 'Everything is at the server and nothing is left on this phone.'))
    document.getElementById('unsent').textContent = ''
  }

  here () {
    if (!this.seats.now || !this.list) return
    const { site, people } = this.site.seen
    const sorted = [...people].sort((a, b) => a.ref.localeCompare(b.ref))
    this.list.replaceChildren(h('h2', {}, `${site ? `Site ${site.ref}, ${site.state}. ` : ''}Found: ${people.length}`), h('ul', {}, ...sorted.map(one => this.person(one))),
      h('datalist', { id: 'references' }, ...sorted.map(one => h('option', { value: one.ref }))))
  }

  person (one) {
    const facts = [label(this.words.ages, one.age), label(this.words.injuries, one.injury), one.where, one.offered && `not received yet: ${one.offered}`].filter(Boolean).join(', ')
    return h('li', {}, h('strong', {}, one.ref), ` ${facts}`)
  }
}
