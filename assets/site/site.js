// A bronze's phone at its site: references, counts and the log, from a cold start without a network.
import { openOutbox } from '../desk/outbox.js'
import { Seats } from '../desk/seats.js'
import { keepSending, poster } from '../desk/sending.js'
import { Screen } from './screen.js'
import { Site } from './site_of.js'

const post = poster('/site/v1/')
const words = JSON.parse(document.getElementById('words').textContent)

async function start () {
  const outbox = await openOutbox('site')
  const seats = new Seats(outbox, post, { seat: '/op-safety/phone/seat/', stretch: document.body.dataset.lock, most: words.wrong })
  const screen = new Screen({ outbox, seats, site: new Site(outbox, seats, post, words), post, words })
  navigator.storage?.persist?.()
  if ('serviceWorker' in navigator) navigator.serviceWorker.register('/site/worker.js', { scope: '/site/' }).catch(() => {})
  await screen.show()
  await outbox.greet(post)
  await screen.greeted()
  keepSending(outbox, post, answer => screen.heard(answer))
}

start().catch(reason => { document.getElementById('notice').textContent = `This page can't open: ${reason.message}. Use the radio.` })
