// Reports the size of the screen, and turns to the next figure on a click anywhere except on what has
// a click of its own, or on the keys of a presenter's remote control. Plotly swallows the browser's
// own clicks on a chart and sends its own.
export default function ({ setStateValue, setTriggerValue }) {
  let waiting;
  const measure = () => setStateValue("size", [window.innerWidth, window.innerHeight]);
  const resized = () => {
    clearTimeout(waiting);
    waiting = setTimeout(measure, 150);
  };
  const clicked = event => {
    if (!event.target.closest("button, a, input, .modebar, [role='dialog']")) {
      setTriggerValue("turn", "next");
    }
  };
  const keys = { PageDown: "next", " ": "next", PageUp: "previous" };
  const pressed = event => {
    if (keys[event.key] && !event.target.closest("button, a, input")) {
      event.preventDefault();
      setTriggerValue("turn", keys[event.key]);
    }
  };
  measure();
  document.addEventListener("keydown", pressed);
  window.addEventListener("resize", resized);
  document.addEventListener("click", clicked);
  return () => {
    clearTimeout(waiting);
    window.removeEventListener("resize", resized);
    document.removeEventListener("click", clicked);
    document.removeEventListener("keydown", pressed);
  };
}
