// What the person sees, in their own language and in English beside it. Nothing here needs a PIN and nothing that is
// tapped is kept: who hands the tablet over locks it first.
import { button, h } from './page.js'

const SAYS = ['welcome', 'free', 'help', 'choose', 'decide']
const ASKS = ['food', 'pain', 'doctor', 'interpreter', 'call', 'rest', 'afraid', 'alone']
const ANSWERS = ['yes', 'no', 'unsure', 'later']
const AGES = ['adult', 'child', 'unsure']
const main = document.getElementById('main')

export class Welcome {
  constructor ({ welcome, named, english }, back) {
    Object.assign(this, { said: new Map(welcome.map(one => [one.code, one])), named, english, back })
  }

  // Each language as its readers write it, to point at.
  show () {
    const tongues = this.named.map(([code, own, rtl]) =>
      h('button', { type: 'button', lang: code, dir: rtl ? 'rtl' : 'ltr', class: this.said.has(code) ? '' : 'quiet', onclick: () => this.speak(code, own) }, own, this.inEnglish(code, own)))
    main.replaceChildren(button('Back to the desk', this.back, 'quiet'), h('h1', {}, 'Point to your language'),
      h('p', {}, 'A filled button has words on this tablet. No native speaker has read them yet: fetch an interpreter as soon as you can. Nothing that is tapped here is kept.'),
      h('div', { class: 'tongues' }, ...tongues))
    main.focus()
  }

  speak (code, own) {
    const words = this.said.get(code)
    const away = button('Another language', () => this.show(), 'quiet')
    if (!words) {
      main.replaceChildren(away, h('h1', {}, h('bdi', { lang: code }, own), this.inEnglish(code, own)), h('p', {}, `${this.english[code] ?? own}: this tablet has no words in it. Fetch an interpreter.`))
      return main.focus()
    }
    const twice = (tag, key, kind) => h(tag, { class: kind }, words[key], this.beside(code, key))
    const asks = (key, answers) => h('fieldset', {}, h('legend', {}, words[key], this.beside(code, key)),
      ...answers.map(answer => h('button', { type: 'button', 'aria-pressed': 'false', onclick: tapped }, words[answer], this.beside(code, answer))))
    const person = h('div', { lang: code, dir: words.rtl ? 'rtl' : 'ltr', class: 'person' },
      twice('h1', 'welcome'), ...SAYS.slice(1).map(key => twice('p', key, 'said')),
      asks('age', AGES), ...ASKS.map(key => asks(key, ANSWERS)))
    main.replaceChildren(away, person)
    main.focus()
  }

  // Nobody faces boxes alone where the tablet lacks the letters, and whoever fetches the interpreter reads it too.
  inEnglish (code, own) {
    const name = this.english[code]
    return name && name !== own ? h('span', { lang: 'en', dir: 'ltr', class: 'beside' }, name) : null
  }

  beside (code, key) {
    return code === 'en' ? null : h('span', { lang: 'en', dir: 'ltr', class: 'beside' }, this.said.get('en')[key])
  }
}

function tapped ({ currentTarget }) {
  for (const one of currentTarget.parentElement.querySelectorAll('button')) one.setAttribute('aria-pressed', String(one === currentTarget))
}
