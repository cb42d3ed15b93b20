// A WOFF is a TrueType font whose tables are deflated one by one; whoever prints reads TrueType alone.
import { inflateSync } from 'node:zlib'

const HEAD = 44, ENTRY = 20

export function unpacked (woff) {
  if (woff.toString('latin1', 0, 4) !== 'wOFF') throw new Error('Not a WOFF')
  const tables = Array.from({ length: woff.readUInt16BE(12) }, (_, n) => table(woff, HEAD + n * ENTRY))
  const power = 2 ** Math.floor(Math.log2(tables.length))
  const directory = Buffer.alloc(12 + tables.length * 16)
  woff.copy(directory, 0, 4, 8)
  const sizes = [tables.length, power * 16, Math.log2(power), (tables.length - power) * 16]
  sizes.forEach((size, n) => directory.writeUInt16BE(size, 4 + n * 2))
  let offset = directory.length
  tables.forEach(({ tag, checksum, bytes }, n) => {
    const at = 12 + n * 16
    directory.write(tag, at, 'latin1')
    ;[checksum, offset, bytes.length].forEach((word, k) => directory.writeUInt32BE(word, at + 4 + k * 4))
    offset += padded(bytes.length)
  })
  const bodies = tables.map(({ bytes }) => Buffer.concat([bytes, Buffer.alloc(padded(bytes.length) - bytes.length)]))
  return Buffer.concat([directory, ...bodies])
}

const padded = length => Math.ceil(length / 4) * 4

function table (woff, at) {
  const [offset, packed, length, checksum] = [4, 8, 12, 16].map(k => woff.readUInt32BE(at + k))
  const bytes = woff.subarray(offset, offset + packed)
  return { tag: woff.toString('latin1', at, at + 4), checksum, bytes: packed < length ? inflateSync(bytes) : bytes }
}
