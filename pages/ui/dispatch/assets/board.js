// The board: a row for each technician, jobs at their times, and beside them what waits. What is
// drawn is what the server told and, over it, the moves that it has not answered yet. These are kept
// in an outbox and sent, all of them together, until their answers have come: a trigger may be lost.
// Times are the company's wall clock, reckoned as if it were UTC: the browser's own zone is no matter.
const boards = new WeakMap()
const HOLD_MS = 400, FAR_PX = 6, EDGE_PX = 32, GRIP_PX = 8, LANE_PX = 40, AGAIN_MS = 5000
const HOUR = 3600000, DAY = 24 * HOUR, STEP = HOUR / 4

export default function (component) {
  const { parentElement } = component
  let board = boards.get(parentElement)
  if (!board) boards.set(parentElement, (board = new Board(parentElement)))
  board.show(component)
  return () => {
    board.leave()
    boards.delete(parentElement)
  }
}

class Board {
  constructor(parent) {
    this.root = parent.querySelector(".board")
    this.list = parent.querySelector(".waiting")
    this.calendar = parent.querySelector(".calendar")
    this.title = node("h4")
    this.empty = node("p")
    this.cardBox = node("div", "cards")
    this.list.append(this.title, this.empty, this.cardBox)
    this.spot = node("div", "spot")
    this.now = node("div", "now")
    this.outbox = []
    this.rows = new Map()
    this.cards = new Map()
    this.jobs = new Map()
    this.root.addEventListener("pointerdown", (press) => this.take(press))
    this.root.addEventListener("click", (click) => this.clicked(click))
    // Once a finger holds a card, it neither scrolls nor asks for a menu.
    for (const name of ["touchmove", "contextmenu"]) {
      const stay = (event) => this.drag?.held && event.cancelable && event.preventDefault()
      this.root.addEventListener(name, stay, { passive: false })
    }
    this.ticking = setInterval(() => this.drawNow(), 60000)
  }

  show({ data, setTriggerValue }) {
    const before = this.data?.opened
    this.data = data
    this.tell = setTriggerValue
    this.outbox = this.outbox.filter((move) => !(move.key in data.answers))
    // What is in somebody's hand stays there: it is drawn anew when it is let go.
    if (!this.drag?.held) this.draw()
    if (data.opened && data.opened !== before && this.byKey === data.opened) this.toPanel()
    if (before && !data.opened) this.toBoard(before)
  }

  draw() {
    const focused = this.root.getRootNode().activeElement
    const { jobs, waiting } = this.expected()
    this.drawFrame()
    this.drawRows()
    this.drawJobs(jobs)
    this.drawWaiting(waiting)
    this.drawNow()
    if (focused?.isConnected) focused.focus({ preventScroll: true })
  }

  // What the server told, as it will be once it has carried out what it was sent.
  expected() {
    const { data } = this
    const asked = new Map(this.outbox.map((move) => [move.case, move]))
    const at = ({ row, start, end }) => ({ row, start, end, unsaved: true })
    const moved = (job) => (asked.has(job.case) ? { ...job, ...at(asked.get(job.case)) } : job)
    const sent = data.waiting.filter((card) => asked.has(card.case)).map(moved)
    return {
      jobs: [...data.jobs.map(moved), ...sent.map((card) => ({ ...card, line: card.lines[0] }))],
      waiting: data.waiting.filter((card) => !asked.has(card.case)),
    }
  }

  drawFrame() {
    const { date, days, opens, closes, lang } = this.data
    const frame = JSON.stringify([date, days, opens, closes, lang])
    if (frame === this.frame) return
    const isOtherDay = !this.frame?.includes(date)
    Object.assign(this, { frame, days, opens, closes, px: days > 1 ? 48 : 96 })
    this.first = instant(`${date}T00:00`)
    this.dayPx = (closes - opens) * this.px
    this.calendar.style.setProperty("--hour", `${this.px}px`)
    this.calendar.style.setProperty("--day", `${this.dayPx}px`)
    this.calendar.style.setProperty("--width", `${this.dayPx * days}px`)
    this.head?.remove()
    this.head = node("div", "head")
    this.head.append(node("div", "name"), this.hours())
    this.calendar.prepend(this.head)
    if (isOtherDay) this.calendar.scrollLeft = this.x(this.clock() ?? this.first + 8 * HOUR) - this.px
  }

  hours() {
    const named = new Intl.DateTimeFormat(this.data.lang, { weekday: "short", day: "numeric", timeZone: "UTC" })
    const every = this.days > 1 ? 2 : 1
    const hours = node("div", "hours")
    for (let day = 0; day < this.days; day++) {
      const part = node("div", "part")
      this.stretch(part, this.first + day * DAY + this.opens * HOUR, this.first + day * DAY + this.closes * HOUR - 1)
      if (this.days > 1) part.append(node("b", "", named.format(this.first + day * DAY)))
      for (let hour = this.opens; hour < this.closes; hour += every) {
        const label = node("span", "", `${two(hour)}:00`)
        label.style.left = `${(hour - this.opens) * this.px}px`
        part.append(label)
      }
      hours.append(part)
    }
    this.head.classList.toggle("week", this.days > 1)
    return hours
  }

  // Where a time stands, in pixels from the beginning of its row.
  x(at) {
    const day = Math.floor((at - this.first) / DAY)
    if (day < 0) return 0
    if (day >= this.days) return this.days * this.dayPx
    const hour = (at - this.first - day * DAY) / HOUR
    return day * this.dayPx + (Math.min(Math.max(hour, this.opens), this.closes) - this.opens) * this.px
  }

  drawRows() {
    const boxes = this.data.rows.map((row) => {
      const known = this.rows.get(row.id) ?? this.row(row.id)
      const text = JSON.stringify([row, this.frame])
      if (text === known.text) return known.box
      known.text = text
      known.name.replaceChildren(node("b", row.work.length ? "" : "away", row.title), node("small", "", row.note))
      known.name.title = `${row.title} ${row.note}`
      known.work.replaceChildren(...row.work.map(([start, end]) => this.span("work", start, end)))
      return known.box
    })
    const wanted = new Set(this.data.rows.map((row) => row.id))
    for (const [id, { box }] of this.rows) if (!wanted.has(id)) box.remove(), this.rows.delete(id)
    order(this.calendar, [this.head, ...boxes])
  }

  row(id) {
    const [box, name, day, work, jobs] = ["row", "name", "day", "", "jobs"].map((kind) => node("div", kind))
    day.append(work, jobs)
    day.dataset.row = id
    box.append(name, day)
    const made = { box, name, day, work, jobs }
    this.rows.set(id, made)
    return made
  }

  span(kind, start, end) {
    const made = node("div", kind)
    this.stretch(made, instant(start), instant(end))
    return made
  }

  stretch(box, start, end) {
    box.style.left = `${this.x(start)}px`
    box.style.width = `${Math.max(this.x(end) - this.x(start), 6)}px`
  }

  drawJobs(jobs) {
    const rows = new Map(this.data.rows.map((row) => [row.id, []]))
    for (const job of jobs) rows.get(job.row)?.push(job)
    const wanted = new Set()
    for (const [id, mine] of rows) {
      mine.sort((one, other) => (one.start < other.start ? -1 : 1))
      const ends = []
      const faces = mine.map((job) => {
        wanted.add(job.case)
        const free = ends.findIndex((end) => end <= job.start)
        const lane = free < 0 ? ends.length : free
        ends[lane] = job.end
        return this.job(job, lane)
      })
      const { box, jobs } = this.rows.get(id)
      const height = `${LANE_PX * Math.max(ends.length, 1)}px`
      if (box.style.height !== height) box.style.height = height
      order(jobs, faces)
    }
    for (const [id, { face }] of this.jobs) if (!wanted.has(id)) face.remove(), this.jobs.delete(id)
  }

  job(job, lane) {
    const text = JSON.stringify([job, lane, this.frame])
    const known = this.jobs.get(job.case) ?? { face: button() }
    this.jobs.set(job.case, known)
    if (text === known.text) return known.face
    const { face } = Object.assign(known, { text })
    face.className = ["job", job.status, job.late && "late", job.unsaved && "unsaved"].filter(Boolean).join(" ")
    face.dataset.case = job.case
    face.style.top = `${LANE_PX * lane + 1}px`
    this.stretch(face, instant(job.start), instant(job.end))
    const marks = `${job.late ? "▲ " : ""}${job.agreed ? "● " : ""}${job.confirmed ? "✓ " : ""}`
    const name = this.data.rows.find((row) => row.id === job.row)?.title
    face.replaceChildren(node("b", "", marks + job.title), node("small", "", job.line))
    face.title = `${job.start.slice(11)}–${job.end.slice(11)} ${job.title} ${job.line}`
    face.setAttribute("aria-label", `${name} ${face.title}`)
    return face
  }

  drawWaiting(waiting) {
    const { words } = this.data
    this.title.textContent = words.waiting
    this.empty.textContent = words.empty
    this.empty.hidden = waiting.length > 0
    const faces = waiting.map((card) => {
      const text = JSON.stringify(card)
      const known = this.cards.get(card.case) ?? { face: button() }
      this.cards.set(card.case, known)
      if (text === known.text) return known.face
      const { face } = Object.assign(known, { text })
      face.className = `card${card.late ? " late" : ""}`
      face.dataset.case = card.case
      face.replaceChildren(node("b", "", card.title), ...card.lines.map((line) => node("span", "", line)))
      return face
    })
    const wanted = new Set(waiting.map((card) => card.case))
    for (const [id, { face }] of this.cards) if (!wanted.has(id)) face.remove(), this.cards.delete(id)
    order(this.cardBox, faces)
  }

  // Now, by the company's clock, while the days that are shown hold it.
  clock() {
    const parts = { timeZone: this.data.zone, dateStyle: "short", timeStyle: "short" }
    const at = instant(new Intl.DateTimeFormat("sv-SE", parts).format().replace(" ", "T"))
    return at >= this.first && at < this.first + this.days * DAY ? at : null
  }

  drawNow() {
    const at = this.clock()
    if (at === null) return this.now.remove()
    this.now.style.left = `${this.x(at)}px`
    this.head.lastChild.append(this.now)
  }

  // A card is pressed: a mouse that moves, or a finger that rests, takes it.
  take(press) {
    const face = press.target.closest(".card, .job")
    this.dragged = false
    if (!face || press.button || this.drag) return
    const what = this.known(Number(face.dataset.case))
    if (!what || what.fixed || this.outbox.some((move) => move.case === what.case)) return
    const byFinger = press.pointerType === "touch"
    const drag = (this.drag = { what, face, held: false, x: press.clientX, y: press.clientY })
    this.grip(drag, byFinger ? 2 * GRIP_PX : GRIP_PX)
    const hold = () => {
      drag.held = this.dragged = true
      face.classList.add("held")
      this.atEdges(drag)
    }
    const wait = byFinger ? setTimeout(hold, HOLD_MS) : 0
    const move = (at) => {
      const far = Math.hypot(at.clientX - drag.x, at.clientY - drag.y) > FAR_PX
      if (!drag.held && far && byFinger) return drop(at)
      if (!drag.held && far) hold()
      if (drag.held) Object.assign(drag, { at }), this.preview(drag)
    }
    const drop = (at) => {
      clearTimeout(wait)
      face.classList.remove("held")
      for (const [name, heard] of heards) document.removeEventListener(name, heard)
      this.drag = null
      this.spot.remove()
      if (drag.held && at.type === "pointerup" && drag.spot) this.send(what, drag.spot)
      else if (drag.held) this.draw()
    }
    const stop = (key) => key.key === "Escape" && drop(key)
    const heards = [["pointermove", move], ["pointerup", drop], ["pointercancel", drop], ["keydown", stop]]
    for (const [name, heard] of heards) document.addEventListener(name, heard)
  }

  // Where a job was gripped: by its end it grows, anywhere else it moves with the hand.
  grip(drag, grip) {
    const { what, face } = drag
    drag.length = what.start ? instant(what.end) - instant(what.start) : what.minutes * 60000
    if (!what.start) return
    const box = face.getBoundingClientRect()
    drag.grows = box.width > 3 * grip && box.right - drag.x < grip
    drag.offset = ((drag.x - box.left) / this.px) * HOUR
  }

  preview(drag) {
    const spot = (drag.spot = this.under(drag))
    if (!spot) return this.spot.remove()
    this.stretch(this.spot, instant(spot.start), instant(spot.end))
    this.spot.textContent = `${spot.start.slice(11)}–${spot.end.slice(11)}`
    const { day } = this.rows.get(spot.row)
    if (this.spot.parentNode !== day) day.append(this.spot)
  }

  // The row and the time below the hand, in quarters of an hour.
  under({ at, what, grows, offset, length }) {
    const day = this.root.getRootNode().elementFromPoint(at.clientX, at.clientY)?.closest?.(".day")
    if (!day && !grows) return null
    const box = (day ?? this.rows.get(what.row).day).getBoundingClientRect()
    const time = this.time(at.clientX - box.left)
    if (grows) {
      const end = Math.max(Math.round(time / STEP) * STEP, instant(what.start) + STEP)
      return { row: what.row, start: what.start, end: wall(end) }
    }
    const start = offset === undefined ? Math.floor(time / STEP) * STEP : Math.round((time - offset) / STEP) * STEP
    return { row: Number(day.dataset.row), start: wall(start), end: wall(start + length) }
  }

  time(x) {
    const day = Math.min(Math.max(Math.floor(x / this.dayPx), 0), this.days - 1)
    return this.first + day * DAY + (this.opens + (x - day * this.dayPx) / this.px) * HOUR
  }

  // A hand that holds something at the edge of the board scrolls it.
  atEdges(drag) {
    if (this.drag !== drag) return
    requestAnimationFrame(() => this.atEdges(drag))
    const box = this.calendar.getBoundingClientRect(), { at } = drag
    if (!at || at.clientX < box.left || at.clientY < box.top || at.clientX > box.right) return
    const pull = (place, low, high) => (place < low + EDGE_PX ? -8 : place > high - EDGE_PX ? 8 : 0)
    const { scrollLeft, scrollTop } = this.calendar
    this.calendar.scrollBy(pull(at.clientX, box.left, box.right), pull(at.clientY, box.top, box.bottom))
    if (scrollLeft !== this.calendar.scrollLeft || scrollTop !== this.calendar.scrollTop) this.preview(drag)
  }

  known(id) {
    return [...this.data.jobs, ...this.data.waiting].find((each) => each.case === id)
  }

  send({ case: id, job, version }, spot) {
    const key = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16)).join("-")
    this.outbox.push({ key, case: id, job, version, ...spot })
    this.draw()
    const tell = () => {
      if (!this.outbox.some((move) => move.key === key)) return
      this.tell("moved", this.outbox)
      setTimeout(tell, AGAIN_MS)
    }
    tell()
  }

  clicked({ target, detail }) {
    const face = target.closest(".card, .job")
    if (!face || (this.dragged && detail)) return
    const id = Number(face.dataset.case)
    this.byKey = detail ? null : id
    if (this.byKey && this.data.opened === id) this.toPanel()
    this.tell("opened", id)
  }

  // Whoever opens a card by keyboard goes on in its form, and comes back to it afterwards.
  toPanel() {
    soon(() => {
      const first = this.panel()?.querySelector("a, button, input")
      first?.focus()
      return first
    })
  }

  toBoard(id) {
    soon(() => {
      const face = (this.jobs.get(id) ?? this.cards.get(id))?.face
      const nowhere = [null, document.body].includes(document.activeElement)
      if (!this.panel() && nowhere) face?.focus({ preventScroll: false })
      return !this.panel()
    })
  }

  panel() {
    return document.querySelector(`.st-key-${this.data.panel}`)
  }

  leave() {
    clearInterval(this.ticking)
    this.outbox = []
  }
}

// Put what stands in a box into an order, and move nothing that stands right.
function order(box, wanted) {
  wanted.forEach((each, place) => {
    if (box.children[place] !== each) box.insertBefore(each, box.children[place] ?? null)
  })
}

// Try again with each picture that the browser draws: others draw what is waited for.
function soon(attempt, tries = 120) {
  if (!attempt() && tries) requestAnimationFrame(() => soon(attempt, tries - 1))
}

function instant(text) {
  return Date.parse(`${text}Z`)
}

function wall(at) {
  return new Date(at).toISOString().slice(0, 16)
}

function two(number) {
  return String(number).padStart(2, "0")
}

function node(tag, kind = "", text = "") {
  const made = document.createElement(tag)
  if (kind) made.className = kind
  made.textContent = text
  return made
}

function button() {
  const made = node("button")
  made.type = "button"
  return made
}
