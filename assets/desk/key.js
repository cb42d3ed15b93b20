// Who may open the desk: a PIN stretched by Argon2id, and a share that the server or a shift card holds.
const utf8 = new TextEncoder()

export function stretched (address, pin, salt) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(address)
    worker.onmessage = ({ data }) => { resolve(data); worker.terminate() }
    worker.onerror = event => { reject(new Error(event.message)); worker.terminate() }
    worker.postMessage({ pin, salt })
  })
}

async function derived (secret, use) {
  const key = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits'])
  const bits = await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: utf8.encode(use) }, key, 256)
  return new Uint8Array(bits)
}

export const proofOf = stretch => derived(stretch, 'proof')
// One byte tells a slip of the finger from the right PIN, and is too little to find the PIN by.
export const checkOf = async stretch => (await derived(stretch, 'check'))[0]
export const sha256 = async bytes => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))

// The key of a box that only an authenticator's secret opens.
export const passkeyKey = async secret => rosterKey(await derived(secret, 'passkey'))

async function wrapping (stretch, share) {
  const both = new Uint8Array(stretch.length + share.length)
  both.set(stretch)
  both.set(share, stretch.length)
  return crypto.subtle.importKey('raw', await derived(both, 'kek'), 'AES-GCM', false, ['encrypt', 'decrypt'])
}

export async function sealed (key, bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(12))
  return { iv, ct: await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, bytes) }
}

export const opened = async (key, { iv, ct }) => new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, ct))
export const wrap = async (stretch, share, raw) => sealed(await wrapping(stretch, share), raw)
export const unwrap = async (stretch, share, box) => opened(await wrapping(stretch, share), box)
export const rosterKey = raw => crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt'])
