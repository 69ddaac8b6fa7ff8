// The figures of this page: fetched by the words of the address, kept, and drawn by whoever asks.
//
// Charts and controls are separate components that meet here. A control announces the words of the
// view that a reader has just chosen; every chart then draws its figure for these words, before
// Streamlit has been told. What the pointer rests on is fetched ahead of the click.

const KEPT = 240; // figures, the least recently used leave first
const AHEAD = 6; // requests for what is only pointed at, at a time

// For so long (ms) a choice made here goes before what the server last said: the answer to an
// earlier click may still be on its way.
export const WAITING = 3000;

const kept = new Map(); // address -> figure, or the promise of one
const charts = new Map(); // figure name -> { show(words), address(words) }
let ahead = new AbortController();
let underway = 0;

// The words of a view in one order, so that one view has one address.
export function ordered(words) {
  const sorted = Object.entries(words).filter(([, text]) => text !== null && text !== undefined);
  sorted.sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
  return new URLSearchParams(sorted).toString();
}

async function fetched(address, init) {
  const answer = await fetch(address, { credentials: "same-origin", ...init });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.error || `The server answered ${answer.status}.`);
  return said;
}

function keep(address, figure) {
  kept.delete(address);
  kept.set(address, figure);
  while (kept.size > KEPT) kept.delete(kept.keys().next().value);
  return figure;
}

// The figure at an address. A failure is not kept: the next one who asks, asks again.
export function figure(address) {
  const known = kept.get(address);
  if (known) return keep(address, known);
  const promise = fetched(address).then(
    found => keep(address, found),
    error => {
      kept.delete(address);
      throw error;
    },
  );
  return keep(address, promise);
}

// The figure at an address if it is here; nothing is asked for.
export function here(address) {
  const known = kept.get(address);
  return known && typeof known.then !== "function" ? known : undefined;
}

// What a view needs that a reader may choose next. A new wish cancels the ones before.
export function fetchAhead(views) {
  ahead.abort();
  ahead = new AbortController();
  const signal = ahead.signal;
  const wanted = [];
  for (const words of views) {
    for (const chart of charts.values()) {
      const address = chart.address(words);
      if (!kept.has(address)) wanted.push(address);
    }
  }
  for (const address of wanted) {
    if (underway >= AHEAD) break;
    underway += 1;
    fetched(address, { signal, priority: "low" })
      .then(found => kept.has(address) || keep(address, found))
      .catch(() => {}) // nobody asked for it yet
      .finally(() => {
        underway -= 1;
      });
  }
}

export function register(name, chart) {
  charts.set(name, chart);
  return () => {
    if (charts.get(name) === chart) charts.delete(name);
  };
}

// Draw the figures of the page for these words now.
export function announce(words) {
  ahead.abort();
  for (const chart of charts.values()) chart.show(words);
}
