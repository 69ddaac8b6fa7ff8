// Turns to the next figure on a click anywhere except on what has a click of its own, or on the keys of
// a presenter's remote control. Plotly swallows the browser's own clicks on a chart and sends its own.
export default function ({ setTriggerValue }) {
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
  document.addEventListener("keydown", pressed);
  document.addEventListener("click", clicked);
  return () => {
    document.removeEventListener("click", clicked);
    document.removeEventListener("keydown", pressed);
  };
}
