// Who is here and what is done for them. Every change is an event of the outbox; the list is what the server last
// said and what this tablet has written since.
import { cut } from './attached.js'
import { drawnAnew } from './picture.js'
import { drawn } from './reference.js'
import { uuid7 } from './seal.js'

export class People {
  constructor (outbox, seats, post, words) {
    Object.assign(this, { outbox, seats, post, words, list: [] })
  }

  async open () { this.list = await this.seats.kept() }

  lock () { this.list = [] }

  async refresh () {
    const { now } = this.seats
    if (!now) return
    const { status, said } = await this.post('people', { seat: now.seat.id, proof: now.proof })
    if (status !== 200 || !this.seats.now) return
    if (!said.card) await this.seats.replace(now.seat, { card: undefined })
    const known = new Set(said.people.map(one => one.ref))
    const waiting = await this.outbox.unsent() ? this.list.filter(one => one.mine && !known.has(one.ref)) : []
    this.list = [...said.people, ...waiting]
    await this.seats.keep(this.list)
  }

  write (type, body, more = {}, chunks = []) {
    const { seat, proof } = this.seats.now
    return this.outbox.append({ type, schema: this.words.schema, seat: seat.id, proof, body, ...more }, chunks)
  }

  async register ({ reference, age, language }) {
    const ref = reference || drawn()
    const entity = uuid7()
    const event = await this.write('registered', { age, languages: language ? [language] : [] }, { entity, ref })
    const heads = { age: [event], ...(language && { language: [event] }) }
    const shown = this.words.languages.find(([code]) => code === language)?.[1] ?? ''
    if (!this.list.some(one => one.ref === ref)) {
      this.list.push({ id: entity, ref, age, languages: shown, where: 'room', needs: '', heads, clash: {}, mine: true })
    }
    await this.seats.keep(this.list).catch(() => {})
    return reference ? ref : `${ref}. Write it on a card`
  }

  who = ref => this.list.find(one => one.ref === ref)

  // By the card; the id only where this tablet knows it.
  whom (ref) {
    const person = this.who(ref)
    return { person, more: { ref, ...(person && { entity: person.id }) } }
  }

  give = ({ reference, thing, quantity, detail }) =>
    this.write('gave', { thing, quantity: Number(quantity) || 1, detail }, this.whom(reference).more)

  takeBack = (ref, event) => this.write('took-back', { event }, this.whom(ref).more)

  note = async ({ reference, text }) => { await this.write('noted', { text }, this.whom(reference).more) }

  // Sealed piece by piece; the event says whose it is and holds the key.
  async picture ({ reference, file }) {
    const id = uuid7()
    const { told, chunks } = await cut(id, await drawnAnew(file))
    await this.write('pictured', { of: 'belongings', ...told }, { id, ...this.whom(reference).more }, chunks)
  }

  async move ({ reference, to }) { await this.change(reference, 'where', to, 'moved', { to }) }

  // `base` says what its author had before them: a change that did not know of another is shown beside it.
  async change (reference, name, value, type = 'corrected', body = { field: name, value }) {
    const { person, more } = this.whom(reference)
    const event = await this.write(type, body, { ...more, base: person?.heads[name] ?? [] })
    if (!person) return
    person.heads[name] = [event]
    delete person.clash[name]
    if (name === 'where' || name === 'age') person[name] = value
    await this.seats.keep(this.list).catch(() => {})
  }
}
