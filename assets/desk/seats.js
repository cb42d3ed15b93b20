// Who sits at the tablet. What they write needs no key to leave it; what they read needs their PIN and a share.
import { bytesOf } from './card.js'
import { checkOf, opened, passkeyKey, proofOf, rosterKey, sealed, sha256, stretched, unwrap, wrap } from './key.js'
import { asked, made } from './passkey.js'
import { bytes64, text64 } from './bytes.js'

const utf8 = new TextEncoder()

export class Seats {
  // `seat`: where a seat is asked for; `stretch`: the script that stretches a PIN; `most`: wrong PINs that end a seat.
  constructor (outbox, post, { seat, stretch, most }) {
    Object.assign(this, { outbox, post, address: seat, stretch: (pin, salt) => stretched(stretch, pin, salt), most, now: null })
  }

  all = async () => (await this.outbox.get('seats')) ?? []

  // Asks the server who is signed in on this tablet; null where nobody is.
  async signedIn () {
    try {
      const answer = await fetch(this.address)
      return answer.ok && !answer.redirected ? await answer.json() : null
    } catch { return null }
  }

  async sitDown (somebody, pin) {
    const salt = crypto.getRandomValues(new Uint8Array(16))
    const stretch = await this.stretch(pin, salt)
    const proof = await proofOf(stretch)
    const body = new URLSearchParams({
      csrfmiddlewaretoken: somebody.token, purpose: somebody.purpose, proof_hash: text64(await sha256(proof))
    })
    const answer = await fetch(this.address, { method: 'POST', body })
    const said = await answer.json().catch(() => ({}))
    if (!answer.ok) return said.code || 'You can’t sit down here. Are you signed in to your shift?'
    const raw = this.now?.raw ?? crypto.getRandomValues(new Uint8Array(32))
    const seat = { id: said.seat, name: said.name, salt, check: await checkOf(stretch), box: await wrap(stretch, bytes64(said.share), raw), wrong: 0 }
    const kept = { ...seat, ...await this.cardBox(stretch, raw, said) }
    await this.outbox.put({ seats: [...(await this.all()).filter(one => one.name !== seat.name), kept] })
    await this.open(kept, proof, raw)
    return ''
  }

  // What a shift card opens, until the shift ends. The card itself is never kept here.
  async cardBox (stretch, raw, { card, until }) {
    return card ? { card: await wrap(stretch, bytes64(card), raw), until } : { card: undefined, until: undefined }
  }

  async replace (seat, more) {
    const seats = (await this.all()).map(one => one.id === seat.id ? { ...one, ...more } : one)
    await this.outbox.put({ seats }).catch(() => {}) // a full disk locks nobody out
  }

  // A card is over with its shift, or once somebody revoked it: without the box there is nothing that it opens.
  async tidy () {
    for (const seat of await this.all()) if (seat.card && seat.until < Date.now()) await this.replace(seat, { card: undefined })
  }

  async unlock (id, pin, card) {
    const seat = await this.seat(id)
    return seat ? this.enter(seat, await this.stretch(pin, seat.salt), card) : 'Choose who you are.'
  }

  async unlockByPasskey (id, card) {
    const seat = await this.seat(id)
    if (!seat?.passkey) return 'Choose who you are: somebody with a passkey on this tablet.'
    try {
      const secret = await asked(seat.passkey)
      return await this.enter(seat, await opened(await passkeyKey(secret), seat.passkey.box), card)
    } catch { return 'The passkey did not open it. Use the PIN.' }
  }

  async seat (id) {
    await this.tidy()
    return (await this.all()).find(one => one.id === id)
  }

  // With the server or a shift card the roster opens; without either the tablet still writes.
  async enter (seat, stretch, typed) {
    const proof = await proofOf(stretch)
    if (await checkOf(stretch) !== seat.check) return this.wrongPin(seat)
    const said = typed ? null : await this.share(seat, proof)
    if (said === 'pin') return this.wrongPin(seat)
    const raw = typed ? await this.byCard(seat, stretch, typed) : said && await unwrap(stretch, bytes64(said.share), seat.box).catch(() => 'This seat does not open any more. Sign in again to sit down.')
    if (typeof raw === 'string') return raw
    await this.replace(seat, { wrong: 0, ...(said && await this.cardBox(stretch, raw, said)) })
    await this.open(seat, proof, raw)
    return ''
  }

  async byCard (seat, stretch, typed) {
    const bytes = await bytesOf(typed)
    if (!bytes) return 'A letter of the shift card is wrong or missing. Check it.'
    if (!seat.card) return 'Shift cards of this seat are over. It opens with the server.'
    return unwrap(stretch, bytes, seat.card).catch(() => 'This card does not belong to you.')
  }

  // From now on a passkey opens this seat as well. The PIN is asked for once more, so that nobody binds their own.
  async addPasskey (pin) {
    const { seat, proof } = this.now
    const stretch = await this.stretch(pin, seat.salt)
    if (text64(await proofOf(stretch)) !== proof) return 'That is not your PIN.'
    try {
      const key = await made()
      if (!key) return 'This passkey holds no secret of its own (PRF). Use the PIN.'
      const box = await sealed(await passkeyKey(key.secret), stretch)
      await this.replace(seat, { passkey: { id: key.id, salt: key.salt, box } })
      return ''
    } catch { return 'No passkey was made. The PIN opens as before.' }
  }

  async wrongPin (seat) {
    const wrong = seat.wrong + 1
    const seats = await this.all()
    const left = wrong < this.most ? seats.map(one => one.id === seat.id ? { ...one, wrong } : one) : seats.filter(one => one.id !== seat.id)
    await this.outbox.put({ seats: left })
    return wrong < this.most ? `That is not the PIN. ${this.most - wrong} more and the seat ends.` : 'Five wrong PINs. Sign in again to sit down. What was written stays and is sent.'
  }

  async share (seat, proof) {
    const { status, said } = await this.post('unlock', { seat: seat.id, proof: text64(proof) })
    if (status === 200) return said
    return status === 403 ? 'pin' : null
  }

  async open (seat, proof, raw) {
    this.now = { seat, proof: text64(proof), raw, key: raw && await rosterKey(raw) }
  }

  lock () { this.now = null }

  // What only an unlocked tablet can read again.
  async keep (roster) {
    if (this.now?.key) await this.outbox.put({ roster: await sealed(this.now.key, utf8.encode(JSON.stringify(roster))) })
  }

  async kept () {
    const box = this.now?.key && await this.outbox.get('roster')
    return box ? JSON.parse(new TextDecoder().decode(await opened(this.now.key, box).catch(() => utf8.encode('[]')))) : []
  }

  async forget () {
    this.lock()
    await this.outbox.put({ seats: undefined, roster: undefined })
  }
}
