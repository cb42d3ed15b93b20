// Put together by the server with VERSION and KEPT before it. A new version takes over only when it is whole, and
// only at the next start: what is being typed stays.
const CACHE = `desk-${VERSION}`

addEventListener('install', event => event.waitUntil(caches.open(CACHE).then(cache => cache.addAll(KEPT))))
addEventListener('activate', event => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith('desk-') && name !== CACHE) await caches.delete(name)
  await clients.claim()
})()))
addEventListener('fetch', event => {
  const { pathname, search, origin } = new URL(event.request.url)
  if (event.request.method !== 'GET' || origin !== location.origin || !KEPT.includes(pathname + search)) return
  event.respondWith(caches.open(CACHE).then(async cache => (await cache.match(event.request, { ignoreVary: true })) ?? fetch(event.request)))
})
