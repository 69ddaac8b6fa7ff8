// The marks of a chart by keyboard: arrows go from mark to mark, Enter chooses.

// Every mark that stands for patients, with its place, in reading order.
export function marksOf(traces) {
  const marks = [];
  traces.forEach((trace, curveNumber) => {
    (trace.customdata ?? []).forEach((mark, pointNumber) => {
      if (mark && mark.line) {
        marks.push({ mark, curveNumber, pointNumber, x: trace.x[pointNumber], y: trace.y[pointNumber] });
      }
    });
  });
  return marks;
}

const STEPS = {
  ArrowRight: (from, to) => (to.y === from.y && to.x > from.x ? to.x - from.x : Infinity),
  ArrowLeft: (from, to) => (to.y === from.y && to.x < from.x ? from.x - to.x : Infinity),
  ArrowDown: (from, to) => (to.x === from.x && to.y > from.y ? to.y - from.y : Infinity),
  ArrowUp: (from, to) => (to.x === from.x && to.y < from.y ? from.y - to.y : Infinity),
};

function plain(text) {
  return String(text ?? "").replace(/<br>/g, ", ").replace(/<[^>]*>/g, "");
}

export function wander(chart) {
  const { place, spoken } = chart;
  place.addEventListener("keydown", event => {
    const marks = chart.marks;
    if (!marks.length) return;
    const from = chart.at === undefined ? undefined : marks[Math.min(chart.at, marks.length - 1)];
    if (event.key === "Enter" && from) {
      event.preventDefault();
      chart.send(from.mark);
      return;
    }
    if (!(event.key in STEPS)) return;
    event.preventDefault();
    let next = 0;
    if (from) {
      const step = STEPS[event.key];
      const distances = marks.map(to => step(from, to));
      const nearest = Math.min(...distances);
      if (!Number.isFinite(nearest)) return;
      next = distances.indexOf(nearest);
    }
    chart.at = next;
    const { curveNumber, pointNumber } = marks[next];
    window.Plotly.Fx.hover(place, [{ curveNumber, pointNumber }]);
    const trace = place.data[curveNumber];
    spoken.textContent = plain(trace.text?.[pointNumber]);
  });
  place.addEventListener("blur", () => {
    chart.at = undefined;
    if (chart.marks.length) window.Plotly.Fx.unhover(place);
  });
}
