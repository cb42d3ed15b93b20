// Bytes as text for addresses and forms, without padding, and back.
export function text64 (bytes) {
  let said = ''
  for (const byte of new Uint8Array(bytes)) said += String.fromCharCode(byte)
  return btoa(said).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

export function bytes64 (text) {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), letter => letter.charCodeAt(0))
}
