// The board: EventCalendar with a list of what waits beside it. Every move is kept in an outbox and
// sent, all of them together, until the answer to its key has come: a trigger may be lost.
import { create, destroy } from "./event-calendar.min.js"

const boards = new WeakMap()
const HOLD_MS = 400, FAR_PX = 6

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
    const sheet = document.createElement("link")
    sheet.rel = "stylesheet"
    sheet.href = new URL("./event-calendar.min.css", import.meta.url).href
    parent.prepend(sheet)
    this.root = parent.querySelector(".board")
    this.list = parent.querySelector(".waiting")
    this.outbox = []
    this.shown = new Map()
    this.options = {}
    this.loads = new Map()
    this.list.addEventListener("pointerdown", (press) => this.take(press))
    this.list.addEventListener("touchmove", (move) => this.drag?.held && move.preventDefault(), {
      passive: false,
    })
  }

  show({ data, setTriggerValue }) {
    this.data = data
    this.tell = (name, value) => setTriggerValue(name, value)
    this.outbox = this.outbox.filter((move) => !(move.key in data.answers))
    this.root.classList.toggle("ec-dark", this.isDark())
    const options = {
      view: data.days > 1 ? "resourceTimelineWeek" : "resourceTimelineDay",
      date: data.date,
      resources: data.rows.map(({ id, title, away }) => ({ id, title, extendedProps: { away } })),
      slotMinTime: data.opens,
      slotMaxTime: data.closes,
      slotWidth: data.days > 1 ? 24 : 48,
    }
    if (!this.calendar) this.draw(options)
    // An option that is set anew draws the whole board anew.
    for (const [name, value] of Object.entries(options)) {
      const text = JSON.stringify(value)
      if (this.options[name] && text !== this.options[name]) this.calendar.setOption(name, value)
      this.options[name] = text
    }
    this.showLoads()
    this.showJobs([...data.work, ...data.jobs])
    this.showWaiting()
  }

  draw(options) {
    this.calendar = create(this.root.querySelector(".calendar"), {
      ...options,
      events: [],
      locale: this.data.lang,
      firstDay: 1,
      headerToolbar: { start: "", center: "", end: "" },
      height: "100%",
      slotDuration: "00:30",
      snapDuration: "00:15",
      // The line is drawn by the clock of the browser: elsewhere it would stand at a wrong hour.
      nowIndicator: Intl.DateTimeFormat().resolvedOptions().timeZone === this.data.zone,
      editable: true,
      eventDurationEditable: true,
      longPressDelay: HOLD_MS,
      slotEventOverlap: false,
      resourceLabelContent: ({ resource }) => ({ domNodes: this.name(resource) }),
      eventContent: ({ event }) => ({ domNodes: this.face(event.extendedProps) }),
      eventClick: ({ event }) => event.display !== "background" && this.open(event.extendedProps.case),
      eventDrop: (info) => this.moved(info),
      eventResize: (info) => this.moved(info),
    })
  }

  showJobs(jobs) {
    const asked = new Set(this.outbox.map((move) => move.case))
    const wanted = new Map(jobs.map((job) => [job.id, job]))
    for (const [id, job] of this.shown) {
      if (wanted.has(id) || asked.has(job.extendedProps?.case)) continue
      this.calendar.removeEventById(id)
      this.shown.delete(id)
    }
    for (const [id, job] of wanted) {
      const known = this.shown.get(id)
      if (asked.has(job.extendedProps?.case)) continue
      const same = known && !known.moved && JSON.stringify(known) === JSON.stringify(job)
      if (same) continue
      if (known) this.calendar.updateEvent(job)
      else this.calendar.addEvent(job)
      this.shown.set(id, job)
    }
  }

  showWaiting() {
    const { data } = this
    const key = JSON.stringify([data.waiting, data.words])
    if (key === this.listed) return
    this.listed = key
    const cards = data.waiting.map((card) => {
      const button = node("button", `card${card.late ? " late" : ""}`)
      button.type = "button"
      button.dataset.case = card.case
      button.append(node("b", "", card.title), ...card.lines.map((line) => node("span", "", line)))
      button.addEventListener("click", () => !this.dragged && this.open(card.case))
      return button
    })
    const empty = cards.length ? [] : [node("p", "", data.words.empty)]
    this.list.replaceChildren(node("h4", "", data.words.waiting), ...empty, ...cards)
  }

  // A card is pressed: a mouse that moves, or a finger that rests, takes it onto the board.
  take(press) {
    const button = press.target.closest(".card")
    if (!button || press.button) return
    const card = this.data.waiting.find((each) => String(each.case) === button.dataset.case)
    const drag = (this.drag = { card, held: false, x: press.clientX, y: press.clientY })
    this.dragged = false
    const hold = () => {
      drag.held = true
      this.dragged = true
      button.classList.add("held")
    }
    const wait = press.pointerType === "touch" ? setTimeout(hold, HOLD_MS) : 0
    const move = (at) => {
      const far = Math.hypot(at.clientX - drag.x, at.clientY - drag.y) > FAR_PX
      if (!drag.held && far && press.pointerType === "touch") return drop(at)
      if (!drag.held && far) hold()
      if (drag.held) this.preview(at, drag)
    }
    const drop = (at) => {
      clearTimeout(wait)
      button.classList.remove("held")
      for (const [name, heard] of heards) document.removeEventListener(name, heard)
      const { spot } = drag
      this.drag = null
      this.preview(null, drag)
      if (drag.held && at.type === "pointerup" && spot) this.place(card, spot)
    }
    const heards = [["pointermove", move], ["pointerup", drop], ["pointercancel", drop]]
    for (const [name, heard] of heards) document.addEventListener(name, heard)
  }

  preview(at, drag) {
    const spot = at && this.spot(at.clientX, at.clientY)
    if (drag.spot) this.calendar.removeEventById("preview")
    drag.spot = spot
    if (!spot) return
    const end = new Date(spot.date.getTime() + drag.card.minutes * 60000)
    // In the background: beside a job it would make its row higher, and the next one slip away.
    const shape = { start: spot.date, end, resourceIds: [spot.resource.id], display: "background" }
    this.calendar.addEvent({ id: "preview", ...shape, backgroundColor: "#d9923b99" })
  }

  spot(x, y) {
    const found = this.calendar.dateFromPoint(x, y)
    if (!found?.resource) return null
    const quarter = 15 * 60000
    return { ...found, date: new Date(Math.floor(found.date.getTime() / quarter) * quarter) }
  }

  place(card, spot) {
    const end = new Date(spot.date.getTime() + card.minutes * 60000)
    this.send(card, spot.resource.id, spot.date, end)
  }

  moved({ event }) {
    const known = this.shown.get(event.id)
    if (known) known.moved = true
    this.send(event.extendedProps, event.resourceIds[0], event.start, event.end)
  }

  send(card, row, start, end) {
    const key = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16)).join("-")
    const { case: id, job, version } = card
    const move = { key, case: id, job, version, row: Number(row), start: wall(start), end: wall(end) }
    this.outbox = [...this.outbox.filter((each) => each.case !== id), move]
    this.tell("moved", this.outbox)
  }

  open(id) {
    this.tell("opened", id)
  }

  name({ id, title, extendedProps }) {
    const load = node("small", "", this.data.rows.find((row) => row.id === id)?.note)
    this.loads.set(id, load)
    return [node("b", extendedProps.away ? "away" : "", title), load]
  }

  showLoads() {
    for (const { id, note } of this.data.rows) {
      const load = this.loads.get(id)
      if (load) load.textContent = note
    }
  }

  face(job) {
    if (!job?.title) return []
    const mark = `${job.late ? "▲ " : ""}${job.agreed ? "● " : ""}${job.confirmed ? "✓ " : ""}`
    const face = node("div", "face")
    face.append(node("b", "", mark + job.title), node("small", "", job.lines.join(" · ")))
    return [face]
  }

  isDark() {
    const colour = getComputedStyle(this.root).getPropertyValue("--st-background-color").trim()
    const [red, green, blue] = (colour.match(/[0-9a-f]{2}/gi) ?? ["ff", "ff", "ff"]).map((h) => parseInt(h, 16))
    return red + green + blue < 384
  }

  leave() {
    if (this.calendar) destroy(this.calendar)
  }
}

// A wall-clock time without zone: the company's, whatever the browser's is.
function wall(at) {
  const two = (number) => String(number).padStart(2, "0")
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`
}

function node(tag, kind, text = "") {
  const made = document.createElement(tag)
  if (kind) made.className = kind
  made.textContent = text
  return made
}
