// A sheet to sign on with a finger: lines of points go to the server, which draws the picture.
const WIDTH = 720
const HEIGHT = 300
const QUIET_MS = 250
const pads = new WeakMap()

class Pad {
  constructor(parent) {
    this.canvas = parent.querySelector("canvas")
    this.lines = []
    this.line = null
    this.canvas.addEventListener("pointerdown", (event) => this.begin(event))
    this.canvas.addEventListener("pointermove", (event) => this.move(event))
    for (const name of ["pointerup", "pointercancel"]) {
      this.canvas.addEventListener(name, () => this.end())
    }
    parent.querySelector(".undo").addEventListener("click", () => this.change(() => this.lines.pop()))
    parent.querySelector(".clear").addEventListener("click", () => this.change(() => (this.lines = [])))
  }

  told({ data, setStateValue }) {
    this.send = (lines) => setStateValue("drawn", { of: this.of, lines })
    // Another report, or one that was changed: what was drawn was not meant for it.
    if (this.of !== data.of) {
      this.of = data.of
      this.lines = []
    }
    this.paint()
  }

  at(event) {
    const box = this.canvas.getBoundingClientRect()
    const x = ((event.clientX - box.left) / box.width) * WIDTH
    const y = ((event.clientY - box.top) / box.height) * HEIGHT
    const within = (value, most) => Math.round(Math.min(Math.max(value, 0), most))
    return [within(x, WIDTH), within(y, HEIGHT)]
  }

  begin(event) {
    event.preventDefault()
    this.canvas.setPointerCapture?.(event.pointerId)
    this.line = [this.at(event)]
    this.lines.push(this.line)
    clearTimeout(this.waiting)
    this.paint()
  }

  move(event) {
    if (!this.line) return
    this.line.push(this.at(event))
    this.paint()
  }

  end() {
    if (!this.line) return
    this.line = null
    this.change(() => {})
  }

  change(how) {
    how()
    this.paint()
    clearTimeout(this.waiting)
    this.waiting = setTimeout(() => this.send(this.lines), QUIET_MS)
  }

  paint() {
    const pen = this.canvas.getContext("2d")
    pen.fillStyle = "#fff"
    pen.fillRect(0, 0, WIDTH, HEIGHT)
    Object.assign(pen, { strokeStyle: "#000", lineWidth: 5, lineCap: "round", lineJoin: "round" })
    for (const line of this.lines) {
      pen.beginPath()
      pen.moveTo(...line[0])
      for (const point of line) pen.lineTo(...point)
      pen.stroke()
    }
  }
}

export default function (component) {
  const { parentElement, data } = component
  if (!pads.has(parentElement)) pads.set(parentElement, new Pad(parentElement))
  parentElement.querySelector(".undo").textContent = data.undo
  parentElement.querySelector(".clear").textContent = data.clear
  parentElement.querySelector("canvas").setAttribute("aria-label", data.label)
  pads.get(parentElement).told(component)
}
