// A picture as it leaves the tablet: drawn anew, so that nothing of the camera's (place, moment, owner) goes with it.
const SIDE = 1600
const MOST = 2 * 1024 * 1024

const fault = words => Object.assign(new Error(words), { name: 'Picture' })

// Rejects with words for people.
export async function drawnAnew (file) {
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => { throw fault('This is no picture that the tablet can read.') })
  const scale = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(bitmap.width * scale))
  canvas.height = Math.max(1, Math.round(bitmap.height * scale))
  canvas.getContext('2d').drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  bitmap.close()
  const blob = await new Promise(done => canvas.toBlob(done, 'image/jpeg', 0.75))
  if (!blob || blob.size > MOST) throw fault('The picture is too large. Take it from further away.')
  return new Uint8Array(await blob.arrayBuffer())
}
