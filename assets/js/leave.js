// Leaving in a hurry: typed answers are emptied first, and Back does not return to this page.
export function leave (root) {
  const link = root.querySelector('a[data-wb-leave]')
  if (!link) return

  function go () {
    for (const form of root.querySelectorAll('form')) form.reset()
    root.body.hidden = true
    window.location.replace(link.href)
  }

  link.addEventListener('click', event => { event.preventDefault(); go() })

  let presses = []
  root.addEventListener('keyup', event => {
    if (event.key !== 'Shift') { presses = []; return }
    presses = [...presses.filter(at => event.timeStamp - at < 3000), event.timeStamp]
    if (presses.length === 3) go()
  })
}
