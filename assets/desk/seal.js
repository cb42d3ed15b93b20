// Sealed to the server's key (HPKE, RFC 9180): whoever holds the tablet can't read back what it wrote.
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core'
import { bytes64, text64 } from './bytes.js'

const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })
const utf8 = new TextEncoder()

// `name` of the outbox: a box of one page opens as no event of another.
export async function sealer (publicKey, name) {
  const recipientPublicKey = await suite.kem.deserializePublicKey(bytes64(publicKey).buffer)
  return async (inner, tablet, dseq) => {
    const info = utf8.encode(`wilberforce ${name} 1|${tablet}|${dseq}|${inner.id}`)
    const { enc, ct } = await suite.seal({ recipientPublicKey, info }, utf8.encode(JSON.stringify(inner)))
    const box = new Uint8Array(enc.byteLength + ct.byteLength)
    box.set(new Uint8Array(enc))
    box.set(new Uint8Array(ct), enc.byteLength)
    return text64(box)
  }
}

export async function digest (row) {
  const words = [row.id, row.device, row.dseq, row.prev, row.kid, row.box].join('\n')
  return crypto.subtle.digest('SHA-256', utf8.encode(words))
}

export function uuid7 (now = Date.now()) {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  for (let place = 0; place < 6; place++) bytes[place] = Math.floor(now / 2 ** (8 * (5 - place))) & 255
  bytes[6] = (bytes[6] & 15) | 112
  bytes[8] = (bytes[8] & 63) | 128
  const hex = [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
