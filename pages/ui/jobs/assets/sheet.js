// The report of a job. Each letter is kept on the telephone, sent on as soon as there is a network,
// and handed in once: the same key goes with it until there is an answer.
const QUIET_MS = 700
const AGAIN_MS = 5000
const GONE_MS = 4000
const sheets = new WeakMap()

const key = () =>
  [...crypto.getRandomValues(new Uint8Array(18))].map((byte) => byte.toString(16).padStart(2, "0")).join("")

// A telephone may have no room left, or forbid it: then what is typed lies on this page alone.
function read(place) {
  try {
    return JSON.parse(localStorage.getItem(place))
  } catch {
    return null
  }
}

function write(place, held) {
  try {
    if (held) localStorage.setItem(place, JSON.stringify(held))
    else localStorage.removeItem(place)
    return true
  } catch {
    return false
  }
}

class Sheet {
  constructor(form) {
    this.form = form
    this.fields = {}
    form.addEventListener("submit", (event) => event.preventDefault())
    form.addEventListener("input", () => this.typed())
    this.go = () => this.send()
    this.clock = setInterval(this.go, AGAIN_MS)
    addEventListener("online", this.go)
    this.stay = (event) => this.unkept && (this.held.dirty || this.held.handing) && event.preventDefault()
    addEventListener("beforeunload", this.stay)
  }

  end() {
    clearInterval(this.clock)
    clearTimeout(this.waiting)
    removeEventListener("online", this.go)
    removeEventListener("beforeunload", this.stay)
  }

  told({ data, setTriggerValue }) {
    this.data = data
    this.answered = () => setTriggerValue("answered", Date.now())
    if (this.drawn !== JSON.stringify(data.fields)) this.draw()
  }

  draw() {
    const own = read(this.data.place)
    // What this telephone has not sent yet is newer than what is stored.
    this.held = own?.dirty || own?.handing ? own : { typed: this.data.typed, dirty: false }
    // A field that is not asked for any more could neither be seen nor put right.
    const asked = ({ name }) => name in this.held.typed
    this.held.typed = Object.fromEntries(this.data.fields.filter(asked).map(({ name }) => [name, this.held.typed[name]]))
    this.drawn = JSON.stringify(this.data.fields)
    for (const each of this.form.querySelectorAll("label, button")) each.remove()
    this.fields = {}
    for (const field of this.data.fields) this.form.append(this.line(field))
    this.button = document.createElement("button")
    this.button.type = "button"
    this.button.name = "finish"
    this.button.addEventListener("click", () => (this.held.handing ? this.back() : this.finish()))
    this.form.append(this.button)
    this.show()
    this.send()
  }

  line(field) {
    const label = document.createElement("label")
    label.append(field.label + (field.required ? " *" : ""))
    const box = this.box(field)
    box.name = field.name
    box.value = this.shown(field, this.held.typed[field.name])
    const wrong = document.createElement("output")
    label.append(box, wrong)
    this.fields[field.name] = { field, box, wrong }
    return label
  }

  box({ kind, options }) {
    if (kind === "choice") {
      const box = document.createElement("select")
      for (const [value, text] of [["", this.data.words.choose], ...options]) box.add(new Option(text, value))
      return box
    }
    const box = document.createElement(kind === "text" ? "textarea" : "input")
    if (kind === "text") box.rows = 2
    if (kind === "date") box.type = "date"
    if (kind === "moment") box.type = "datetime-local"
    if (kind === "money" || kind === "number") Object.assign(box, { type: "number", step: "any", inputMode: "decimal" })
    return box
  }

  shown({ kind }, value) {
    if (value === undefined || value === null) return ""
    return kind === "money" ? String(value / 100) : String(value)
  }

  value({ kind }, text) {
    if (kind === "money") return Math.round(Number(text) * 100)
    return kind === "number" ? Number(text) : text
  }

  typed() {
    const filled = Object.values(this.fields).filter(({ box }) => box.value !== "")
    this.held.typed = Object.fromEntries(filled.map(({ field, box }) => [field.name, this.value(field, box.value)]))
    this.held.dirty = true
    // Another report than the one that may have arrived: it is no repetition of that.
    delete this.held.key
    this.said = null
    this.keep()
    this.show()
    clearTimeout(this.waiting)
    this.waiting = setTimeout(this.go, QUIET_MS)
  }

  finish() {
    this.held = { ...this.held, handing: true, key: this.held.key ?? key(), visit: this.data.visit }
    for (const { wrong } of Object.values(this.fields)) wrong.textContent = ""
    this.said = null
    this.keep()
    this.show()
    this.send()
  }

  back(said) {
    Object.assign(this.held, { handing: false, dirty: true })
    this.said = said
    this.keep()
    this.show()
  }

  keep() {
    this.unkept = !write(this.data.place, this.held)
  }

  async send() {
    if (this.busy || !(this.held.dirty || this.held.handing)) return
    this.busy = true
    const sent = JSON.stringify(this.held)
    const { typed, handing, key, visit } = this.held
    this.show()
    try {
      const base = new URL(document.querySelector("base")?.href ?? "/", location.origin)
      const answer = await fetch(new URL(this.data.address, base), {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Requested-With": "sheet" },
        body: JSON.stringify(handing ? { typed, key, visit } : { typed }),
      })
      this.busy = false
      await this.hear(answer, sent, handing)
    } catch {
      this.busy = false
      this.show() // no network, or it broke off: the clock tries again
    }
  }

  async hear(answer, sent, handing) {
    if (!answer.ok && answer.status !== 401) return this.show()
    if (answer.status === 401) return this.back(this.data.words.signed_out)
    const told = await answer.json()
    if (told.refused) return this.refused(told.refused, handing)
    if (handing) return this.over(told)
    if (JSON.stringify(this.held) === sent) {
      this.held.dirty = false
      write(this.data.place, null) // the tool has it: nothing need lie about here
    }
    this.show()
  }

  refused({ said, problems = [] }, handing) {
    if (!handing) return this.show((this.said = said))
    this.back([said, ...problems.filter(({ field }) => !this.fields[field]).map((bad) => bad.said)].join(" "))
    for (const { field, said: why } of problems) if (this.fields[field]) this.fields[field].wrong.textContent = why
  }

  over({ kept }) {
    write(this.data.place, null)
    this.held = { typed: {}, dirty: false, over: true }
    this.said = kept ? this.data.words.kept : this.data.words.handed
    this.show()
    if (kept) return
    this.answered()
    // Where the window had lost the tool meanwhile, nothing follows from that.
    setTimeout(() => this.form.isConnected && location.reload(), GONE_MS)
  }

  show(said = this.said) {
    const { words } = this.data
    const { dirty, handing, over } = this.held
    const waits = this.unkept ? "unkept" : handing ? "handing" : "phone"
    const state = over ? "handed" : !dirty && !handing ? "saved" : this.busy && !handing ? "going" : waits
    const line = this.form.querySelector(".state")
    line.dataset.state = state
    line.textContent = said ?? (Object.keys(this.held.typed).length || over ? words[state] : "")
    for (const { box } of Object.values(this.fields)) box.disabled = Boolean(handing || over)
    this.button.textContent = handing ? words.back : words.finish
    this.button.hidden = Boolean(over)
  }
}

export default function (component) {
  const { parentElement } = component
  if (!sheets.has(parentElement)) sheets.set(parentElement, new Sheet(parentElement.querySelector("form")))
  sheets.get(parentElement).told(component)
  return () => {
    sheets.get(parentElement)?.end()
    sheets.delete(parentElement)
  }
}
