// Keeps a picture fresh: hears that something changed, asks the page again, and says how old the picture is.
const JITTER = 500, SILENCE = 40_000, POLL = 10_000, AGAIN = 60_000

export function live (root, enhance) {
  if (root.querySelector('[data-wb-live]')) new Picture(root, enhance).listen()
}

class Picture {
  constructor (root, enhance) {
    this.root = root
    this.enhance = enhance
    this.contact = Date.now()
    this.failures = 0
    this.cursor = ''
    this.status = root.createElement('p')
    this.status.className = 'govuk-visually-hidden'
    this.status.setAttribute('role', 'status')
    root.querySelector('main').append(this.status)
    setInterval(() => this.tell(), 1000)
    setInterval(() => { if (!this.stream || Date.now() - this.contact > SILENCE) this.fetch() }, POLL)
    addEventListener('online', () => this.fetch())
  }

  get region () { return this.root.querySelector('[data-wb-live]') }

  listen () {
    const stream = new EventSource(`${this.region.dataset.wbLive}&seen=${this.cursor}`)
    this.stream = stream
    stream.addEventListener('alive', () => this.heard())
    stream.addEventListener('changed', event => {
      this.cursor = event.data
      this.heard()
      clearTimeout(this.soon)
      this.soon = setTimeout(() => this.fetch(), Math.random() * JITTER)
    })
    stream.addEventListener('renew', () => this.renew())
    stream.onerror = () => {
      // A ticket lasts five minutes, so a line that broke is asked for again with a fresh one.
      stream.close()
      this.stream = null
      this.failures += 1
      setTimeout(() => this.renew(), this.failures > 2 ? AGAIN : 2000 + Math.random() * JITTER)
    }
  }

  heard () { this.contact = Date.now(); this.failures = 0 }

  async renew () {
    this.stream?.close()
    this.stream = null
    if (await this.fetch()) this.listen()
    else setTimeout(() => this.renew(), POLL)
  }

  async fetch () {
    if (this.asking) { this.again = true; return false }
    this.asking = true
    try {
      const answer = await fetch(location.href, { headers: { 'X-Wb-Picture': 'yes' }, redirect: 'manual', signal: AbortSignal.timeout(15_000) })
      if (!answer.ok) { if (answer.type === 'opaqueredirect' || answer.status < 500) this.over = true; return false }
      this.put(await answer.text())
      this.over = false
      this.heard()
      return true
    } catch {
      return false
    } finally {
      this.asking = false
      if (this.again) { this.again = false; this.fetch() }
    }
  }

  put (html) {
    const fresh = new DOMParser().parseFromString(html, 'text/html').querySelector('[data-wb-live]')
    if (!fresh) return
    const old = this.region
    const open = [...old.querySelectorAll('details')].map(one => one.open)
    const held = old.contains(document.activeElement) ? place(old, document.activeElement) : -1
    old.replaceWith(fresh)
    fresh.querySelectorAll('details').forEach((one, n) => { one.open = open[n] ?? false })
    this.enhance(fresh)
    if (held >= 0) focusable(fresh)[held]?.focus({ preventScroll: true })
    this.tell()
  }

  tell () {
    const line = this.region.querySelector('[data-wb-age]')
    const made = new Date(this.region.dataset.wbAt).toLocaleTimeString('en-GB', { timeZone: 'Europe/London' })
    const quiet = Math.round((Date.now() - this.contact) / 1000)
    const old = quiet * 1000 > SILENCE || this.over || !navigator.onLine
    line.classList.toggle('wb-board__age--old', old)
    const words = this.over
      ? `You are no longer signed in here, or the hours are over. This is the picture of ${made}.`
      : old ? `No contact for ${length(quiet)}. This is the picture of ${made}.` : `Live. The picture of ${made}`
    if (line.textContent !== words) line.textContent = words
    const said = this.over ? words : old ? `No contact. This is the picture of ${made}.` : ''
    if (this.status.textContent !== said) this.status.textContent = said
  }
}

const length = seconds => seconds < 120 ? `${seconds} seconds` : `${Math.floor(seconds / 60)} minutes`
const focusable = scope => [...scope.querySelectorAll('a[href], button, summary, [tabindex]')]
const place = (scope, element) => focusable(scope).indexOf(element)
