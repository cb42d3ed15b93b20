// Compiles the page kit: app.css, its right-to-left twin app.rtl.css, app.js and the images.
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import { build, transform } from 'esbuild'
import rtlcss from 'rtlcss'
import { compileAsync } from 'sass'
import { unpacked } from './font.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const root = dirname(here)
const out = join(root, 'src/wilberforce/base/static/base')
const govuk = join(root, 'node_modules/govuk-frontend/dist')

async function minified (css) {
  return (await transform(css, { loader: 'css', minify: true, target: 'safari15' })).code
}

async function styles () {
  const { css } = await compileAsync(join(here, 'scss/app.scss'), { loadPaths: [govuk] })
  // A foreign font or picture would break the strict policy; the crest and GDS Transport are not ours to use.
  const foreign = css.match(/url\((?!["']?(data:|ethiopic\.woff2["']?\)))[^)]*\)|GDS Transport/g)
  if (foreign) throw new Error(`The style sheet refers to ${foreign.join(', ')}`)
  await writeFile(join(out, 'app.css'), await minified(css))
  await writeFile(join(out, 'app.rtl.css'), await minified(rtlcss.process(css)))
}

async function script () {
  await build({
    entryPoints: [join(here, 'js/app.js')],
    outfile: join(out, 'app.js'),
    bundle: true,
    format: 'esm',
    minify: true,
    target: 'es2020',
    legalComments: 'none',
    logLevel: 'warning'
  })
}

// The desk and the site: their shells, the worker that keeps it, the worker that stretches a PIN, and a style sheet of its own.
async function desk () {
  const plain = { bundle: true, minify: true, target: 'es2022', legalComments: 'none', logLevel: 'warning' }
  const parts = [['desk', 'esm'], ['lock', 'iife'], ['worker', 'iife']]
  for (const [name, format] of parts) {
    const to = name === 'desk' ? 'desk.js' : `desk-${name}.js`
    await build({ ...plain, entryPoints: [join(here, `desk/${name}.js`)], outfile: join(out, to), format })
  }
  await build({ ...plain, entryPoints: [join(here, 'site/site.js')], outfile: join(out, 'site.js'), format: 'esm' })
  await build({ ...plain, entryPoints: [join(here, 'desk/desk.css')], outfile: join(out, 'desk.css'), external: ['*.woff2'] })
}

// Letters that many tablets lack, fetched only where a page shows one of them; unpacked for what is printed.
async function letters () {
  const from = join(root, 'node_modules/@fontsource/noto-sans-ethiopic/files/noto-sans-ethiopic-ethiopic-400-normal')
  await copyFile(`${from}.woff2`, join(out, 'ethiopic.woff2'))
  await writeFile(join(out, 'ethiopic.ttf'), unpacked(await readFile(`${from}.woff`)))
}

async function images () {
  const from = join(here, 'images')
  for (const name of await readdir(from)) await copyFile(join(from, name), join(out, name))
}

// Beside each the same in small, which WhiteNoise sends to whoever takes it.
async function small () {
  for (const name of (await readdir(out)).filter(name => /\.(css|js|svg)$/.test(name))) {
    const whole = await readFile(join(out, name))
    await writeFile(join(out, `${name}.gz`), await promisify(gzip)(whole, { level: 9 }))
    await writeFile(join(out, `${name}.br`), await promisify(brotliCompress)(whole))
  }
}

await mkdir(out, { recursive: true })
await Promise.all([styles(), script(), desk(), letters(), images()])
await small()
