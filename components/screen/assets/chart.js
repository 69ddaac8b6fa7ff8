// A chart: Plotly draws the figure of the view, and draws the next one into the same place.
//
// data: name, words (of the view), names (of the words that act on it), version (of the data), base and
// assets (addresses of the server), alt, height and width (of the figure, in pixels), fills (whether
// it fills the window).

import { WAITING, figure, here, ordered, register } from "./figures.js";
import { DARK, SCALE, TEMPLATE } from "./look.js";
import { marksOf, wander } from "./marks.js";
import { darkened, isDark } from "./theme.js";

const NARROW = 880; // below this width, in pixels, title and footnote stand beside the chart
const TITLE = 46; // the room that the title takes, in pixels
const LINE = 13; // the height of a line of the footnote

let library;

function plotly(assets) {
  library ??= new Promise((resolve, reject) => {
    if (window.Plotly) return resolve(window.Plotly);
    const script = document.createElement("script");
    script.src = `${assets}/plotly.min.js`;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      library = undefined;
      reject(new Error("The chart library could not be loaded."));
    };
    document.head.append(script);
  });
  return library;
}

// Without the words that stand beside the chart on a narrow page, and without their room.
function withoutWords(layout) {
  const footnote = layout.annotations.find(note => note.name === "footnote");
  const room = LINE * footnote.text.split("<br>").length;
  layout.meta = { title: layout.title.text, footnote }; // still to be read in the figure
  layout.title = { text: "" };
  layout.annotations = layout.annotations.filter(note => note !== footnote);
  layout.margin.t -= TITLE;
  layout.margin.b -= room;
  const fromTop = (1 - layout.legend.y) * layout.height - TITLE;
  layout.height -= TITLE + room;
  layout.legend.y = 1 - fromTop / layout.height;
}

class Chart {
  constructor(parent) {
    this.place = parent.querySelector(".chart");
    this.note = parent.querySelector(".chart-note");
    this.spoken = parent.querySelector(".chart-spoken");
    this.turn = 0;
    this.marks = [];
    this.sizes = new ResizeObserver(() => this.fit());
    this.sizes.observe(this.place);
  }

  // What Streamlit says, at every run in which it changed.
  receive(component) {
    const { data, setStateValue } = component;
    const before = this.data;
    this.data = data;
    this.send = mark => setStateValue("mark", { mark, words: this.own(this.drawn) });
    if (before?.name !== data.name) {
      this.leave?.();
      this.leave = register(data.name, this);
    }
    if (!this.figure && !data.fills) this.place.style.minHeight = `${data.height}px`;
    const asked = ordered(this.own(data.words));
    const rest = this.chosen && this.chosen !== asked ? this.chosenAt + WAITING - Date.now() : 0;
    clearTimeout(this.later);
    if (rest > 0) {
      // If nothing newer comes, what the server said is true after all.
      this.later = setTimeout(() => this.receive(component), rest);
      return;
    }
    this.chosen = undefined;
    const isShown = this.drawn && ordered(this.own(this.drawn)) === asked && before?.version === data.version;
    if (!isShown || before?.name !== data.name) this.draw(data.words);
    else if (isDark(this.place) !== this.isDark) this.paint();
  }

  address(words) {
    const { base, name, version, fills } = this.data;
    const size = fills ? `/${window.innerWidth}x${window.innerHeight}` : "";
    return `${base}/figures/${name}${size}.json?${ordered(this.own(words))}#${version}`;
  }

  // Of the words of a view those that act on this figure: a page may have words of others too.
  own(words) {
    return Object.fromEntries(Object.entries(words).filter(([name]) => this.data.names.includes(name)));
  }

  // What a control on this page has just chosen: drawn before the server has heard of it.
  show(words) {
    const own = this.own(words);
    this.chosen = ordered(own);
    this.chosenAt = Date.now();
    this.draw(own);
  }

  async draw(words) {
    const turn = (this.turn += 1);
    const address = this.address(words);
    this.place.setAttribute("aria-busy", "true");
    let answer = here(address);
    if (!answer || !window.Plotly) {
      const late = setTimeout(() => this.place.classList.add("waiting"), 150);
      try {
        [answer] = await Promise.all([figure(address), plotly(this.data.assets)]);
      } catch (error) {
        if (turn === this.turn) this.fail(error);
        return;
      } finally {
        clearTimeout(late);
      }
    }
    if (turn !== this.turn) return;
    this.figure = answer;
    this.drawn = { ...words };
    this.paint();
  }

  paint() {
    const { plotly: light, alt, summary } = this.figure;
    this.isDark = isDark(this.place);
    this.width = this.place.offsetWidth;
    const template = light.layout.template ?? TEMPLATE;
    const shown = this.isDark ? darkened(light, DARK) : structuredClone(light);
    shown.layout.template = this.isDark ? darkened(template, DARK) : template;
    shown.layout.uirevision = this.data.name;
    shown.layout.width = this.width;
    if (!this.data.fills && this.width < NARROW) withoutWords(shown.layout);
    this.place.style.minHeight = `${shown.layout.height}px`;
    window.Plotly.react(this.place, shown.data, shown.layout, this.config());
    this.rest("");
    this.place.dataset.drawn = ordered(this.own(this.drawn)); // for tests and benchmarks
    this.place.setAttribute("aria-label", alt);
    if (this.isHeard) this.spoken.textContent = summary;
    else this.listen();
    this.marks = marksOf(shown.data);
  }

  listen() {
    this.isHeard = true;
    this.place.on("plotly_click", event => this.choose(event.points));
    wander(this);
  }

  config() {
    const { fills } = this.data;
    return {
      displaylogo: false,
      displayModeBar: fills ? false : "hover",
      responsive: false, // the chart is fitted here, once for each change
      scrollZoom: false,
      doubleClick: "reset",
      modeBarButtons: [
        [this.camera()],
        ["zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "resetScale2d"],
      ],
    };
  }

  // The picture is the figure on white, whatever the page: the same as the PNG button gives.
  camera() {
    return {
      name: "picture",
      title: "Picture (PNG)",
      icon: window.Plotly.Icons.camera,
      click: () => {
        const { plotly: light, file_name: filename } = this.figure;
        const figure = structuredClone(light);
        figure.layout.template = TEMPLATE;
        const { width, height } = this.data;
        window.Plotly.downloadImage(figure, { format: "png", width, height, scale: SCALE, filename });
      },
    };
  }

  choose(points) {
    const mark = points.map(point => point.customdata).find(value => value?.line);
    if (mark) this.send(mark);
  }

  fail(error) {
    this.rest(this.figure ? `The figure could not be updated: ${error.message}` : error.message);
  }

  rest(note) {
    this.place.classList.remove("waiting");
    this.place.setAttribute("aria-busy", "false");
    this.note.textContent = note;
  }

  fit() {
    const width = this.place.offsetWidth;
    if (!this.figure || !width || width === this.width) return;
    clearTimeout(this.fitting);
    // A figure that fills the window is made for its size.
    if (this.data.fills) this.fitting = setTimeout(() => this.draw(this.drawn), 150);
    else this.paint();
  }

  end() {
    this.leave?.();
    clearTimeout(this.later);
    this.sizes.disconnect();
    if (this.figure) window.Plotly.purge(this.place);
  }
}

const charts = new WeakMap();

export default function (component) {
  const parent = component.parentElement;
  if (!charts.has(parent)) charts.set(parent, new Chart(parent));
  const chart = charts.get(parent);
  chart.receive(component);
  return () => {
    chart.end();
    charts.delete(parent);
  };
}
