// One site: what the server last said of it, and what this phone has written since. Never a name.
import { drawn } from '../desk/reference.js'
import { uuid7 } from '../desk/seal.js'

const NOTHING = { site: null, people: [], vehicles: [], centres: [] }

export class Site {
  constructor (outbox, seats, post, words) {
    Object.assign(this, { outbox, seats, post, words, seen: NOTHING })
  }

  async open () {
    const kept = await this.seats.kept()
    this.seen = Array.isArray(kept) ? NOTHING : kept
  }

  lock () { this.seen = NOTHING }

  async refresh () {
    const { now } = this.seats
    if (!now) return
    const { status, said } = await this.post('picture', { seat: now.seat.id, proof: now.proof })
    if (status !== 200 || !this.seats.now) return
    const known = new Set(said.people.map(one => one.id))
    const waiting = this.seen.people.filter(one => one.mine && !known.has(one.id))
    this.seen = { ...said, people: [...said.people, ...waiting] }
    await this.keep()
  }

  keep = () => this.seats.keep(this.seen).catch(() => {})

  write (type, body, more = {}) {
    const { seat, proof } = this.seats.now
    return this.outbox.append({ type, schema: this.words.schema, seat: seat.id, proof, body, ...more })
  }

  async found ({ reference, age, sex, injury, language }) {
    const ref = reference || drawn(this.prefix)
    const entity = this.newId()
    await this.write('found', { age, sex, injury, languages: language ? [language] : [] }, { entity, ref })
    this.seen.people.push({ id: entity, ref, age, injury, where: 'Here, written on this phone', offered: '', mine: true })
    await this.keep()
    return ref
  }

  // What is played says so by its id and its reference, also where the card that lies on the table does not.
  newId () {
    const id = uuid7()
    return this.exercise ? `${id.slice(0, 14)}8${id.slice(15)}` : id
  }

  get prefix () { return this.exercise ? 'EX' : 'P' }

  who = ref => this.seen.people.find(one => one.ref === ref)

  async hand ({ reference: ref, to, target }) {
    const person = this.who(ref)
    const body = { to, ...(target && ['vehicle', 'centre'].includes(to) && { to_id: target }) }
    await this.write('handed', body, { ref, ...(person && { entity: person.id }) })
    if (person) person.offered = this.words.places.find(([code]) => code === to)[1]
    await this.keep()
  }

  move = ({ state, power }) => this.write('moved', { state, power })

  count = ({ inside, text }) => this.write('counted', { inside: inside === '' ? null : Number(inside), text })

  log = ({ text }) => this.write('logged', { text })
}
