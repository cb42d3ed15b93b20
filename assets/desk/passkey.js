// A passkey in place of the PIN: an authenticator that holds a secret of its own (WebAuthn's PRF) keeps what the PIN
// stretches to in a box that only it opens. The share is still needed: whoever has the tablet and a finger that opens
// it still reads nothing once the tablet is reported lost.
const ALGORITHMS = [-7, -257]

// A browser lets passkeys belong to a name, not to a number.
export const possible = () => 'PublicKeyCredential' in window && /[a-z]/i.test(location.hostname)

const drawn = count => crypto.getRandomValues(new Uint8Array(count))

// What only this authenticator can say again; null where it holds no such secret.
export async function made () {
  const salt = drawn(32)
  const publicKey = {
    challenge: drawn(32),
    rp: { name: document.title },
    user: { id: drawn(16), name: document.title, displayName: document.title },
    pubKeyCredParams: ALGORITHMS.map(alg => ({ type: 'public-key', alg })),
    authenticatorSelection: { userVerification: 'required', residentKey: 'discouraged' },
    extensions: { prf: { eval: { first: salt } } }
  }
  const credential = await navigator.credentials.create({ publicKey })
  const { prf } = credential.getClientExtensionResults()
  if (!prf?.enabled) return null
  const key = { id: credential.rawId, salt }
  return { ...key, secret: prf.results?.first ? new Uint8Array(prf.results.first) : await asked(key) }
}

// Rejects where nobody answered.
export async function asked ({ id, salt }) {
  const publicKey = {
    challenge: drawn(32),
    allowCredentials: [{ type: 'public-key', id }],
    userVerification: 'required',
    extensions: { prf: { eval: { first: salt } } }
  }
  const credential = await navigator.credentials.get({ publicKey })
  return new Uint8Array(credential.getClientExtensionResults().prf.results.first)
}
