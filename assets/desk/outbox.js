// An append-only outbox of sealed events: on disk before it says so, sent until the server has it, never deleted
// before a backup of the server holds it. It knows nothing of what an event says. See README.md.
import { openDB } from 'idb'
import { text64 } from './bytes.js'
import { digest, sealer, uuid7 } from './seal.js'

const LOCKS = navigator.locks
const LONGEST_WAIT = 30_000

// `name` keeps two pages on one tablet apart: each has its own rows, key and locks.
export async function openOutbox (name) {
  const db = await openDB(name, 2, {
    upgrade (db, before) {
      if (before < 1) {
        db.createObjectStore('outbox', { keyPath: 'dseq' }).createIndex('unsent', 'unsent')
        db.createObjectStore('meta')
      }
      db.createObjectStore('chunks', { keyPath: ['id', 'n'] }).createIndex('unsent', 'unsent')
    },
    blocking: (_, __, event) => event.target.close()
  })
  return new Outbox(db, name)
}

export class Outbox extends EventTarget {
  constructor (db, name) {
    super()
    Object.assign(this, { db, name })
    this.wait = 500
    this.batch = 200
    this.channel = new BroadcastChannel(`${name}:outbox`)
    this.channel.onmessage = () => this.changed(false)
  }

  get = key => this.db.get('meta', key)

  // Only a finished strict transaction is on disk.
  async put (entries) {
    const tx = this.db.transaction('meta', 'readwrite', { durability: 'strict' })
    for (const [key, value] of Object.entries(entries)) value === undefined ? tx.store.delete(key) : tx.store.put(value, key)
    await tx.done
  }

  // The device's key never leaves the browser; the server learns its public half once.
  async key () {
    const kept = await this.get('key')
    if (kept) return kept
    const key = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])
    await this.put({ key })
    return key
  }

  // A device that is enrolled goes on to send although its disk is full: only sending makes room on it.
  async greet (post) {
    const key = await this.key()
    const publicKey = text64(await crypto.subtle.exportKey('raw', key.publicKey))
    const { status, said } = await post('hello', { public_key: publicKey })
    if (status === 200) {
      const me = await this.get('me')
      // Enrolled as another since: what lies here is bound to the first, and stays until the manager says which it is.
      if (me && me.tablet !== said.tablet && await this.get('tail')) return { status: 401, said }
      const kept = this.put({ me: { ...said, epoch: me?.epoch ?? said.epoch } })
      await (me ? kept.catch(reason => console.warn(`What is known stands after ${reason?.name}`)) : kept)
    }
    return { status, said }
  }

  // Resolves once the event, and the sealed pieces of what is attached to it, are on disk; rejects (QuotaExceededError
  // and others) where they are not.
  async append (inner, chunks = []) {
    const me = await this.get('me')
    if (!me) throw new Error('not enrolled')
    const seal = await (this.sealing ??= sealer(me.key, this.name))
    const event = { id: uuid7(), ...inner }
    await LOCKS.request(`${this.name}:append`, async () => {
      const tail = (await this.get('tail')) ?? { dseq: 0, head: '', ms: 0, count: 0 }
      const now = Date.now()
      const ms = Math.max(now, tail.ms)
      const count = ms === tail.ms ? tail.count + 1 : 0
      const hlc = `${ms.toString(16).padStart(12, '0')}-${count.toString(16).padStart(4, '0')}-${me.tablet.slice(0, 8)}`
      const dseq = tail.dseq + 1
      const sealed = { v: 1, centre: me.centre, base: [], occurred_at: now, hlc, ...event }
      const row = { id: event.id, device: me.tablet, dseq, prev: tail.head, kid: me.kid, box: await seal(sealed, me.tablet, dseq) }
      const hash = await digest(row)
      const { privateKey } = await this.key()
      row.sig = text64(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, hash))
      const tx = this.db.transaction(['outbox', 'chunks', 'meta'], 'readwrite', { durability: 'strict' })
      tx.objectStore('outbox').add({ ...row, unsent: 1 })
      for (const chunk of chunks) tx.objectStore('chunks').add({ ...chunk, unsent: 1 })
      tx.objectStore('meta').put({ dseq, head: text64(hash), ms, count }, 'tail')
      await tx.done
    })
    this.changed()
    return event.id
  }

  async unsent () { return this.db.countFromIndex('outbox', 'unsent', 1) }

  changed (tell = true) {
    this.dispatchEvent(new Event('change'))
    if (tell) this.channel.postMessage(1)
  }

  // One tab of a browser sends; the others wait for its lock. Resolves with what the server said.
  async send (post) {
    return LOCKS.request(`${this.name}:sync`, async () => {
      let answer
      do answer = await this.sendOnce(post)
      while (answer.more)
      return answer
    })
  }

  async sendOnce (post) {
    const me = await this.get('me')
    if (!me) return { status: 0 }
    const waiting = await this.db.getAllFromIndex('outbox', 'unsent', 1, this.batch)
    const events = waiting.map(({ unsent, parked, device, ...row }) => row)
    const unsent = await this.unsent()
    const { status, said } = await post('sync', {
      v: 1, device: me.tablet, epoch: me.epoch, device_ms: Date.now(), unsent: unsent - events.length, version: me.version, durable: true, events
    })
    if (status === 413) this.batch = Math.max(1, Math.floor(this.batch / 2))
    if (said?.acks) await this.acknowledge(said.acks)
    if (status === 409 && said?.code === 'epoch') await this.offerAgain(0, said.epoch)
    if (status === 200) await this.reconcile(said)
    const left = await this.unsent()
    this.wait = status === 200 || status === 409 ? 500 : Math.min(this.wait * 2, LONGEST_WAIT)
    return { status, said, more: (status === 200 || status === 409 || status === 413) && left > 0 && events.length > 0 }
  }

  // Every answer for a row is a receipt: taken in, had already, or waiting for a person.
  async acknowledge (acks) {
    const tx = this.db.transaction('outbox', 'readwrite')
    for (const ack of acks) {
      const row = await tx.store.get(ack.dseq)
      if (row?.id !== ack.id) continue
      delete row.unsent
      if (ack.reason) row.parked = ack.reason
      tx.store.put(row)
    }
    await tx.done
    this.changed()
  }

  // The server was put back to an earlier state: offer again whatever it may have lost.
  async offerAgain (after, epoch) {
    const tx = this.db.transaction(['outbox', 'chunks', 'meta'], 'readwrite')
    for await (const cursor of tx.objectStore('outbox').iterate(IDBKeyRange.lowerBound(after, true))) {
      cursor.update({ ...cursor.value, unsent: 1 })
    }
    for await (const cursor of tx.objectStore('chunks').iterate()) cursor.update({ ...cursor.value, unsent: 1 })
    if (epoch) {
      const me = await tx.objectStore('meta').get('me')
      tx.objectStore('meta').put({ ...me, epoch }, 'me')
    }
    await tx.done
    this.changed()
  }

  async reconcile (said) {
    for (const [first, last] of said.missing ?? []) await this.offerRange(first, last)
    const tail = await this.get('tail')
    if (tail && said.have < tail.dseq && !(await this.unsent())) await this.offerAgain(said.have)
    if (said.durable_upto) await this.forget(said.durable_upto)
  }

  async offerRange (first, last) {
    const tx = this.db.transaction('outbox', 'readwrite')
    for await (const cursor of tx.store.iterate(IDBKeyRange.bound(first, last))) cursor.update({ ...cursor.value, unsent: 1 })
    await tx.done
  }

  async forget (upto) {
    const tx = this.db.transaction('outbox', 'readwrite')
    for await (const cursor of tx.store.iterate(IDBKeyRange.upperBound(upto))) if (!cursor.value.unsent) cursor.delete()
    await tx.done
  }

  // The last resort: the sealed rows as a file that only the server can open.
  async file () {
    const rows = await this.db.getAll('outbox')
    const me = await this.get('me')
    const chunks = (await this.db.getAll('chunks')).map(({ id, n, box }) => ({ id, n, box: text64(box) }))
    const told = { v: 1, tablet: me?.tablet, rows: rows.map(({ unsent, parked, ...row }) => row), chunks }
    return new Blob([JSON.stringify(told)], { type: 'application/json' })
  }

  async tail () { return (await this.get('tail')) ?? { dseq: 0, head: '' } }
}
