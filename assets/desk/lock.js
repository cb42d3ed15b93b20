// The PIN and the half of a key that the tablet does not hold. Argon2id runs in a worker, so that typing goes on.
import { argon2id } from 'hash-wasm'

addEventListener('message', async ({ data: { pin, salt } }) => {
  const hash = await argon2id({ password: pin, salt, parallelism: 1, iterations: 2, memorySize: 19_456, hashLength: 32, outputType: 'binary' })
  postMessage(hash)
})
