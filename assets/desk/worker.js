// Put together by the server with NAME, VERSION, KEPT and LATER before it. KEPT is the shell: a new version takes over only
// when it is whole, and only at the next start, so that what is being typed stays. LATER comes when a page says that it
// stands, and nothing waits for it.
const CACHE = `${NAME}-${VERSION}`

addEventListener('install', event => event.waitUntil(caches.open(CACHE).then(cache => cache.addAll(KEPT))))
addEventListener('activate', event => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith(`${NAME}-`) && name !== CACHE) await caches.delete(name)
  await clients.claim()
})()))
addEventListener('message', event => event.waitUntil((async () => {
  const cache = await caches.open(CACHE)
  for (const address of LATER) if (!await cache.match(address)) await cache.add(address).catch(() => {})
})()))
addEventListener('fetch', event => {
  const { pathname, search, origin } = new URL(event.request.url)
  if (event.request.method !== 'GET' || origin !== location.origin || ![...KEPT, ...LATER].includes(pathname + search)) return
  event.respondWith(caches.open(CACHE).then(async cache => (await cache.match(event.request, { ignoreVary: true })) ?? fetch(event.request)))
})
