// Between the outbox and the server: posts JSON, and sends whenever there is something to send and somebody to hear it.
export function poster (base) {
  return async (what, said) => {
    try {
      const answer = await fetch(base + what, {
        method: 'POST', body: JSON.stringify(said), headers: { 'Content-Type': 'application/json' }, signal: AbortSignal.timeout(15_000)
      })
      return { status: answer.status, said: await answer.json().catch(() => null) }
    } catch {
      return { status: 0, said: null }
    }
  }
}

// `heard` is told what the server said each time. Whatever fails on the tablet, such as a full disk, ends no sending.
export function keepSending (outbox, post, heard) {
  let due
  const soon = (after = 50) => { clearTimeout(due); due = setTimeout(send, after) }
  const send = async () => {
    let answer = { status: 0 }
    try {
      answer = await outbox.send(post)
      await heard(answer)
    } catch (reason) { console.warn(`Sending goes on after ${reason?.name}`) }
    soon(answer.status === 200 ? 5_000 : outbox.wait * (0.5 + Math.random()))
  }
  outbox.addEventListener('change', () => soon())
  addEventListener('online', () => { outbox.wait = 500; soon() })
  document.addEventListener('visibilitychange', () => { if (!document.hidden) soon() })
  soon()
}
