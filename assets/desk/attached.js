// What is attached to an event, such as a picture: cut into pieces that are sealed one by one under a key of their own,
// which travels inside the sealed event. They have a queue of their own: an event never waits for them.
import { sha256 } from './key.js'
import { text64 } from './bytes.js'

const PIECE = 64 * 1024
const utf8 = new TextEncoder()
const LOCKS = navigator.locks

// `told` belongs into the event, `chunks` on disk beside it.
export async function cut (id, bytes) {
  const raw = crypto.getRandomValues(new Uint8Array(32))
  const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt'])
  const digest = text64(await sha256(bytes))
  const count = Math.ceil(bytes.length / PIECE)
  const chunks = []
  for (let n = 0; n < count; n++) {
    const iv = crypto.getRandomValues(new Uint8Array(12))
    const additionalData = utf8.encode(`${id}|${n}|${digest}`)
    const ct = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, bytes.subarray(n * PIECE, (n + 1) * PIECE)))
    const box = new Uint8Array(12 + ct.length)
    box.set(iv)
    box.set(ct, 12)
    chunks.push({ id, n, box: box.buffer })
  }
  return { told: { size: bytes.length, sha256: digest, key: text64(raw), chunks: count }, chunks }
}

export class Pieces {
  constructor (outbox, post) { Object.assign(this, { outbox, post, db: outbox.db, wait: 500 }) }

  async unsent () { return this.db.countFromIndex('chunks', 'unsent', 1) }

  // One piece, the oldest. Resolves with whether there is more to do now.
  async send () {
    return LOCKS.request(`${this.outbox.name}:chunks`, async () => {
      const [row] = await this.db.getAllFromIndex('chunks', 'unsent', 1, 1)
      if (!row) return this.settle()
      const { status } = await this.post('chunk', { event: row.id, n: row.n, box: text64(row.box) })
      if (status === 200) await this.mark(row, false)
      this.wait = status === 200 ? 0 : Math.min(Math.max(this.wait, 500) * 2, 30_000)
      return true
    })
  }

  async mark ({ id, n }, unsent) {
    const tx = this.db.transaction('chunks', 'readwrite')
    const row = await tx.store.get([id, n])
    if (row) {
      delete row.unsent
      tx.store.put(unsent ? { ...row, unsent: 1 } : row)
    }
    await tx.done
    this.outbox.dispatchEvent(new Event('piece'))
  }

  // A piece is forgotten only once a backup of the server holds it; what the server lost is offered again.
  async settle () {
    const kept = await this.db.getAllKeys('chunks')
    if (!kept.length || Date.now() - (this.asked ?? 0) < 60_000) return false
    this.asked = Date.now()
    const { status, said } = await this.post('held', { events: [...new Set(kept.map(([id]) => id))] })
    if (status !== 200) return false
    for (const [id, n] of kept) {
      const { have = [], durable } = said.held[id] ?? {}
      if (!have.includes(n)) await this.mark({ id, n }, true)
      else if (durable) await this.db.delete('chunks', [id, n])
    }
    return (await this.unsent()) > 0
  }

  keepSending () {
    const turn = async () => {
      const more = await this.send().catch(() => false)
      setTimeout(turn, more ? this.wait : 5_000)
    }
    turn()
  }
}
