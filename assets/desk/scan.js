// The square on a reference card, read by the browser itself through the camera. Nothing is kept or sent: each picture is
// looked at and forgotten, and the camera stops at the first reference, at the lock, and when nobody scans any more.
import { button, h, tell } from './page.js'

const CARD = /^[A-Z]{1,2}-[2-9A-HJ-NP-TV-Z]{6}$/
const EVERY = 100
const LONGEST = 60_000

let detector = null
let running = null

// Whether this browser can: settled once, before the first form is shown.
export async function prepare () {
  if (detector) return
  const formats = await window.BarcodeDetector?.getSupportedFormats().catch(() => []) ?? []
  if (formats.includes('qr_code') && navigator.mediaDevices) detector = new window.BarcodeDetector({ formats: ['qr_code'] })
}

export function stop () {
  running?.stream?.getTracks().forEach(track => track.stop())
  running?.box.remove()
  running = null
}

document.addEventListener('visibilitychange', () => { if (document.hidden) stop() })

// A reference field with a button beside it, where the camera can read cards.
export function scannable (asked) {
  if (detector) asked.append(button('Scan the card', () => scan(asked), 'quiet'))
  return asked
}

async function scan (asked) {
  stop()
  const video = h('video', { playsinline: true, 'aria-label': 'What the camera sees' })
  const mine = running = { box: h('div', { class: 'scan' }, video, button('Stop the camera', stop, 'quiet')) }
  asked.after(mine.box)
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false })
    mine.stream = stream
    if (running !== mine) return stream.getTracks().forEach(track => track.stop())
    video.srcObject = stream
    await video.play()
    const read = await firstCard(video, mine)
    if (running !== mine) return
    stop()
    taken(asked.querySelector('input'), read)
  } catch {
    if (running === mine) stop()
    tell('The camera does not open. Type the reference.', true)
  }
}

async function firstCard (video, mine) {
  const until = Date.now() + LONGEST
  while (running === mine && Date.now() < until) {
    for (const { rawValue } of await detector.detect(video).catch(() => [])) {
      const read = rawValue.trim().toUpperCase()
      if (CARD.test(read)) return read
    }
    await new Promise(done => setTimeout(done, EVERY))
  }
  return ''
}

function taken (input, read) {
  if (!read) return tell('No card was seen. Hold it closer, or type the reference.', true)
  input.value = read
  for (const kind of ['input', 'change']) input.dispatchEvent(new Event(kind, { bubbles: true }))
  tell(`Scanned: ${read}.`)
  input.focus()
}
