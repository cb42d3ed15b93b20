// Who sits at the tablet. What they write needs no key to leave it; what they read needs their PIN and a share.
import { checkOf, opened, proofOf, rosterKey, sealed, sha256, stretched, unwrap, wrap } from './key.js'
import { bytes64, text64, uuid7 } from './seal.js'

const LETTERS = '23456789ABCDEFGHJKMNPQRSTVWXYZ'
const words = JSON.parse(document.getElementById('words').textContent)
const lockAddress = document.body.dataset.lock
const utf8 = new TextEncoder()

export class Sitting {
  constructor (outbox, post) {
    Object.assign(this, { outbox, post, now: null, people: [] })
  }

  seats = async () => (await this.outbox.get('seats')) ?? []

  // Asks the server who is signed in on this tablet; null where nobody is.
  async signedIn () {
    try {
      const answer = await fetch('/reception/desk/seat/')
      return answer.ok && !answer.redirected ? await answer.json() : null
    } catch { return null }
  }

  async sitDown (somebody, pin) {
    const salt = crypto.getRandomValues(new Uint8Array(16))
    const stretch = await stretched(lockAddress, pin, salt)
    const proof = await proofOf(stretch)
    const body = new URLSearchParams({
      csrfmiddlewaretoken: somebody.token, purpose: somebody.purpose, proof_hash: text64(await sha256(proof))
    })
    const answer = await fetch('/reception/desk/seat/', { method: 'POST', body })
    const said = await answer.json().catch(() => ({}))
    if (!answer.ok) return said.code || 'You can’t sit down here. Are you signed in to your shift?'
    const raw = this.now?.raw ?? crypto.getRandomValues(new Uint8Array(32))
    const share = bytes64(said.share)
    const seat = { id: said.seat, name: said.name, salt, check: await checkOf(stretch), box: await wrap(stretch, share, raw), wrong: 0 }
    await this.outbox.put({ seats: [...(await this.seats()).filter(one => one.name !== seat.name), seat] })
    await this.open(seat, proof, raw)
    return ''
  }

  // With the server or a shift card the roster opens; without either the desk still writes.
  async unlock (id, pin, card) {
    const seats = await this.seats()
    const seat = seats.find(one => one.id === id)
    if (!seat) return 'Choose who you are.'
    const stretch = await stretched(lockAddress, pin, seat.salt)
    const proof = await proofOf(stretch)
    if (await checkOf(stretch) !== seat.check) return this.wrongPin(seats, seat)
    const share = card ? bytes64(card.trim()) : await this.share(seat, proof)
    if (share === 'pin') return this.wrongPin(seats, seat)
    let raw = null
    try { raw = share ? await unwrap(stretch, share, seat.box) : null } catch { return 'This card does not belong to you.' }
    if (seat.wrong) await this.outbox.put({ seats: seats.map(one => one === seat ? { ...seat, wrong: 0 } : one) }).catch(() => {}) // a full disk locks nobody out
    await this.open(seat, proof, raw)
    return ''
  }

  async wrongPin (seats, seat) {
    seat.wrong += 1
    const over = seat.wrong >= words.wrong
    await this.outbox.put({ seats: over ? seats.filter(one => one !== seat) : seats })
    return over ? 'Five wrong PINs. Sign in again to sit down. What was written stays and is sent.' : `That is not the PIN. ${words.wrong - seat.wrong} more and the seat ends.`
  }

  async share (seat, proof) {
    const { status, said } = await this.post('unlock', { seat: seat.id, proof: text64(proof) })
    if (status === 200) return bytes64(said.share)
    return status === 403 ? 'pin' : null
  }

  async open (seat, proof, raw) {
    this.now = { seat, proof: text64(proof), raw, key: raw && await rosterKey(raw) }
    const kept = raw && await this.outbox.get('roster')
    this.people = kept ? JSON.parse(new TextDecoder().decode(await opened(this.now.key, kept).catch(() => utf8.encode('[]')))) : []
  }

  lock () {
    this.now = null
    this.people = []
  }

  async forget () {
    this.lock()
    await this.outbox.put({ seats: undefined, roster: undefined })
  }

  async keep () {
    if (this.now?.key) await this.outbox.put({ roster: await sealed(this.now.key, utf8.encode(JSON.stringify(this.people))) })
  }

  async refresh () {
    if (!this.now) return
    const { status, said } = await this.post('people', { seat: this.now.seat.id, proof: this.now.proof })
    if (status !== 200 || !this.now) return
    const known = new Set(said.people.map(one => one.ref))
    const waiting = await this.outbox.unsent() ? this.people.filter(one => one.mine && !known.has(one.ref)) : []
    this.people = [...said.people, ...waiting]
    await this.keep()
  }

  write (type, body, more = {}) {
    return this.outbox.append({ type, schema: words.schema, seat: this.now.seat.id, proof: this.now.proof, body, ...more })
  }

  async register ({ reference, age, language }) {
    const ref = reference.replace(/\s/g, '').toUpperCase() || this.newCard()
    const entity = uuid7()
    const event = await this.write('registered', { age, languages: language ? [language] : [] }, { entity, ref })
    const heads = { age: [event], ...(language && { language: [event] }) }
    const shown = words.languages.find(([code]) => code === language)?.[1] ?? ''
    if (!this.people.some(one => one.ref === ref)) {
      this.people.push({ id: entity, ref, age, languages: shown, where: 'room', needs: '', heads, clash: {}, mine: true })
    }
    await this.keep().catch(() => {})
    return ref
  }

  newCard () {
    const drawn = crypto.getRandomValues(new Uint32Array(6))
    return 'P-' + [...drawn].map(number => LETTERS[number % LETTERS.length]).join('')
  }

  // By the card; the id only where this tablet knows it.
  whom (reference) {
    const ref = reference.replace(/\s/g, '').toUpperCase()
    const person = this.people.find(one => one.ref === ref)
    return { person, more: { ref, ...(person && { entity: person.id }) } }
  }

  give = ({ reference, thing, quantity, detail }) =>
    this.write('gave', { thing, quantity: Number(quantity) || 1, detail }, this.whom(reference).more)

  note = ({ reference, text }) => this.write('noted', { text }, this.whom(reference).more)

  async move ({ reference, to }) { await this.change(reference, 'where', to, 'moved', { to }) }

  // `base` says what its author had before them: a change that did not know of another is shown beside it.
  async change (reference, name, value, type = 'corrected', body = { field: name, value }) {
    const { person, more } = this.whom(reference)
    const event = await this.write(type, body, { ...more, base: person?.heads[name] ?? [] })
    if (!person) return
    person.heads[name] = [event]
    delete person.clash[name]
    if (name === 'where' || name === 'age') person[name] = value
    await this.keep().catch(() => {})
  }
}
