// The desk: who is here and what is done for them, from a cold start without a network.
import { Pieces } from './attached.js'
import { openOutbox } from './outbox.js'
import { People } from './people.js'
import { Screen } from './screen.js'
import { Seats } from './seats.js'
import { keepSending, poster } from './sending.js'

const post = poster('/desk/v1/')
const words = JSON.parse(document.getElementById('words').textContent)

async function start () {
  const outbox = await openOutbox('desk')
  const seats = new Seats(outbox, post, { seat: '/reception/desk/seat/', stretch: document.body.dataset.lock, most: words.wrong })
  const pieces = new Pieces(outbox, post)
  const screen = new Screen({ outbox, pieces, seats, people: new People(outbox, seats, post, words), post, words })
  navigator.storage?.persist?.()
  if ('serviceWorker' in navigator) {
    navigator.serviceWorker.register('/desk/worker.js', { scope: '/desk/' }).catch(() => {})
    navigator.serviceWorker.ready.then(kept => kept.active.postMessage('later'))
  }
  await screen.show()
  await outbox.greet(post)
  await screen.greeted()
  keepSending(outbox, post, answer => screen.heard(answer))
  pieces.keepSending()
}

start().catch(reason => { document.getElementById('notice').textContent = `The desk can't open: ${reason.message}. Use the paper pack.` })
