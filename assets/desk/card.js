// A shift card as it is typed or scanned: letters that can't be mistaken for one another, the last two of which tell a slip.
import { sha256 } from './key.js'

const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

// The bytes on the card; null where a letter is wrong.
export async function bytesOf (typed) {
  const plain = typed.toUpperCase().replace(/[^0-9A-Z]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1')
  const numbers = [...plain].map(letter => LETTERS.indexOf(letter))
  if (numbers.length !== 28 || numbers.includes(-1)) return null
  const bits = numbers.map(number => number.toString(2).padStart(5, '0')).join('')
  const bytes = Uint8Array.from({ length: 16 }, (_, place) => parseInt(bits.slice(place * 8, place * 8 + 8), 2))
  const check = await sha256(bytes)
  return (check[0] << 2 | check[1] >> 6) === parseInt(bits.slice(130), 2) ? bytes : null
}
