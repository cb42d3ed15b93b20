// The desk: who is here and what is done for them, from a cold start without a network.
import { openOutbox, poster } from './outbox.js'
import { Screen } from './screen.js'
import { Sitting } from './sitting.js'

const post = poster('/desk/v1/')

async function start () {
  const outbox = await openOutbox()
  const sitting = new Sitting(outbox, post)
  const screen = new Screen(outbox, sitting, post)
  navigator.storage?.persist?.()
  if ('serviceWorker' in navigator) navigator.serviceWorker.register('/desk/worker.js', { scope: '/desk/' }).catch(() => {})
  await screen.show()
  await outbox.greet(post)
  await screen.greeted()
  keepSending(outbox, screen)
}

function keepSending (outbox, screen) {
  let due
  const soon = (after = 50) => { clearTimeout(due); due = setTimeout(send, after) }
  const send = async () => {
    const answer = await outbox.send(post)
    await screen.heard(answer)
    soon(answer.status === 200 ? 5_000 : outbox.wait * (0.5 + Math.random()))
  }
  outbox.addEventListener('change', () => soon())
  addEventListener('online', () => { outbox.wait = 500; soon() })
  document.addEventListener('visibilitychange', () => { if (!document.hidden) soon() })
  soon()
}

start().catch(reason => { document.getElementById('notice').textContent = `The desk can't open: ${reason.message}. Use the paper pack.` })
