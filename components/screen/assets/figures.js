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
const ahead = new Map(); // address -> a request for what is only pointed at: promise and stop

// The words of a view in one order, so that one view has one address.
export function ordered(words) {
  const sorted = Object.entries(words).filter(([, text]) => text !== null && text !== undefined);
  sorted.sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
  return new URLSearchParams(sorted).toString();
}

async function fetched(address, init) {
  const answer = await fetch(address, { credentials: "same-origin", ...init });
  if (answer.ok) return answer.json(); // a body that was broken off is an error and no figure
  const said = await answer.json().catch(() => ({}));
  throw new Error(said.error || `The server answered ${answer.status}.`);
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
  // What is already on its way is waited for; where that fails, it is asked for once more.
  const pointed = ahead.get(address);
  ahead.delete(address);
  const asked = pointed ? pointed.promise.catch(() => fetched(address)) : fetched(address);
  const promise = asked.then(
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

// What a view needs that a reader may choose next. A new wish ends those before that it does not share.
export function fetchAhead(views) {
  const wanted = new Set();
  for (const words of views) {
    for (const chart of charts.values()) {
      const address = chart.address(words);
      if (!kept.has(address)) wanted.add(address);
    }
  }
  endAhead(wanted);
  for (const address of wanted) {
    if (ahead.size >= AHEAD) break;
    if (!ahead.has(address)) start(address);
  }
}

function start(address) {
  const stop = new AbortController();
  const promise = fetched(address, { signal: stop.signal, priority: "low" });
  const request = { promise, stop };
  ahead.set(address, request);
  promise.then(
    found => ahead.get(address) === request && ahead.delete(address) && keep(address, found),
    () => ahead.get(address) === request && ahead.delete(address), // nobody asked for it yet
  );
}

function endAhead(wanted) {
  for (const [address, { stop }] of ahead) {
    if (wanted.has(address)) continue;
    ahead.delete(address);
    stop.abort();
  }
}

export function register(name, chart) {
  charts.set(name, chart);
  return () => {
    if (charts.get(name) === chart) charts.delete(name);
  };
}

// Draw the figures of the page for these words now; what was fetched ahead for others is given up.
export function announce(words) {
  for (const chart of charts.values()) chart.show(words);
  endAhead(new Set());
}
