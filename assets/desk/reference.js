// The reference on a card as somebody with cold hands types it. A slip is told beside the field at once, because each
// one that is kept makes a person who does not exist.
import { field, h, onceLifted } from './page.js'

const LETTERS = '23456789ABCDEFGHJKMNPQRSTVWXYZ'
const ALIKE = '01ILOU'
const LONG = 6
const LIKE = { P: 'P-7K3MQX', EX: 'EX-7K3MQX' }

export function drawn (prefix = 'P') {
  const numbers = crypto.getRandomValues(new Uint32Array(LONG))
  return `${prefix}-${[...numbers].map(number => LETTERS[number % LETTERS.length]).join('')}`
}

// `ref` as it stands on the card, with the prefix that somebody left out; or the `fault`, in words for people.
export function read (typed, prefix = 'P') {
  const [, said = '', rest] = typed.toUpperCase().replace(/[‐-―]/g, '-').trim().match(/^(?:(P|EX)\s*-)?(.*)$/s)
  const bare = rest.replace(/[\s.-]/g, '')
  const [, before = said, body] = said ? [null, said, bare] : bare.match(/^(P|EX)?(.{6})$/) ?? [null, '', bare]
  const strange = [...new Set(body)].filter(letter => !LETTERS.includes(letter))
  if (strange.length) return { fault: `${strange.join(' and ')} stands on no card${strange.some(letter => ALIKE.includes(letter)) ? ': 0, 1, I, L, O and U look like others and are left out' : ''}. Look at the card again.` }
  if (!said && !before && body.length === LONG && /^(P|EX)/.test(body)) return { fault: `Is that ${prefix}-${body}? Type it with ${prefix}- in front, as on the card.` }
  if (body.length !== LONG) return { fault: `A reference is like ${LIKE[prefix]}: ${prefix}- and six letters or figures. This has ${body.length}.` }
  if (before === 'EX' && prefix === 'P') return { fault: 'EX- is on the cards of an exercise. Nothing that is played is kept here.' }
  return { ref: `${prefix}-${body}` }
}

// One letter wrong, or two changed over.
export function nearly (one, other) {
  const wrong = [...one].flatMap((letter, place) => letter === other[place] ? [] : [place])
  const [a, b] = wrong
  return one.length === other.length && (wrong.length === 1 || (wrong.length === 2 && b === a + 1 && one[a] === other[b] && one[b] === other[a]))
}

// `known` says whether a reference, however it is written, is somebody's here. `odd` has words for one that is sound
// and surprises; whoever submits it a second time has looked.
export function referenceField (label, { prefix = () => 'P', known = () => false, odd = () => '', ...attributes }) {
  const asked = field(label, 'reference', { 'data-wanted': 'Type or scan the reference.', maxlength: 20, autocapitalize: 'characters', spellcheck: 'false', 'aria-describedby': 'reference-said', ...attributes })
  const input = asked.querySelector('input')
  const said = h('span', { id: 'reference-said', class: 'fault', role: 'status' })
  asked.append(said)
  let looked = ''
  const tell = (words, bad = false) => {
    said.textContent = words
    input.setAttribute('aria-invalid', String(bad))
  }
  const look = () => {
    const typed = input.value.replace(/\s/g, '').toUpperCase()
    if (!typed) return {}
    const found = known(typed) ? { ref: typed } : read(input.value, prefix())
    return { ...found, odd: found.ref && odd(found.ref) }
  }
  input.addEventListener('input', () => { if (said.textContent) tell('') })
  input.addEventListener('change', () => onceLifted(() => {
    if (said.textContent) return // it was sent meanwhile, and answered
    const { ref, fault, odd } = look()
    if (ref) input.value = ref
    tell(fault || odd || '', Boolean(fault))
  }))
  // What the form asks before it is sent: true keeps it here.
  input.stays = () => {
    const { ref, fault, odd } = look()
    if (ref) input.value = ref
    const again = odd && looked !== ref
    looked = ref
    tell(fault || (again ? `${odd} If it is right, press once more.` : ''), Boolean(fault))
    return Boolean(fault || again)
  }
  input.forget = () => { looked = ''; tell('') }
  return asked
}
