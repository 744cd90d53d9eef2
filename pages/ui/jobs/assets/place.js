// Where the telephone is, told once and only when somebody presses for it.
const WAIT_MS = 15000

function ask({ parentElement, data, setStateValue }) {
  const said = parentElement.querySelector("output")
  const told = (position) => {
    const { latitude, longitude } = position.coords
    setStateValue("place", { latitude, longitude })
    said.textContent = `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`
  }
  said.textContent = data.asking
  navigator.geolocation.getCurrentPosition(told, () => (said.textContent = data.refused), {
    enableHighAccuracy: true,
    timeout: WAIT_MS,
  })
}

export default function (component) {
  const { parentElement, data } = component
  const button = parentElement.querySelector("button")
  button.textContent = data.label
  // Without https no browser tells it: then there is nothing to press.
  button.hidden = !window.isSecureContext || !navigator.geolocation
  button.onclick = () => ask(component)
}
