// Filters and options: what a reader chooses, with what each choice would leave.
//
// data: base, words (of the view), controls (each: key, kind, label, help and what its kind needs),
// label (what the panel is called). A choice is drawn by the charts at once; then Streamlit is told.
//
// kinds: "several" (any number of options), "one" (one of them, all shown), "list" (one of them,
// in a list), "flag", "number", "range", "words", "group" (controls behind a button).

import { WAITING, announce, fetchAhead, ordered } from "./figures.js";

const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") element.textContent = value;
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
};

class Panel {
  constructor(parent) {
    this.place = parent.querySelector(".controls");
    this.parts = new Map(); // key -> what is on the page for it
  }

  receive(component) {
    const { data, setTriggerValue } = component;
    const isOwn = !this.chosen || this.chosen === ordered(data.words);
    const rest = isOwn ? 0 : this.chosenAt + WAITING - Date.now();
    clearTimeout(this.later);
    if (rest > 0) {
      // The answer to an earlier click; if no newer one comes, it is true after all.
      this.later = setTimeout(() => this.receive(component), rest);
      return;
    }
    this.chosen = undefined;
    this.data = data;
    this.words = { ...data.words };
    // All words and not the one that changed: of clicks that follow fast Streamlit keeps the last.
    this.tell = words => setTriggerValue("chosen", words);
    this.place.setAttribute("aria-label", data.label);
    this.place.classList.toggle("row", Boolean(data.row));
    const shown = new Set();
    let after = null;
    for (const control of data.controls) {
      shown.add(control.key);
      const part = this.part(control);
      part.update(control);
      if (part.element.previousElementSibling !== after || part.element.parentElement !== this.place) {
        if (after) after.after(part.element);
        else this.place.prepend(part.element);
      }
      after = part.element;
    }
    for (const [key, part] of this.parts) {
      if (shown.has(key)) continue;
      part.element.remove();
      this.parts.delete(key);
    }
  }

  part(control) {
    const known = this.parts.get(control.key);
    if (known?.kind === control.kind) return known;
    known?.element.remove();
    const part = new KINDS[control.kind](this, control);
    part.kind = control.kind;
    this.parts.set(control.key, part);
    return part;
  }

  // The words of the view if this control said that.
  with(key, text) {
    return { ...this.words, [key]: text || null };
  }

  // What may be chosen next, while the pointer rests on it or the keyboard is beside it.
  ahead(choices) {
    if (this.data.live) fetchAhead(choices.map(([key, text]) => this.with(key, text)));
  }

  choose(key, text) {
    this.words = this.with(key, text);
    this.chosen = ordered(this.words);
    this.chosenAt = Date.now();
    if (this.data.live) announce(this.words);
    this.tell(Object.fromEntries(Object.entries(this.words).filter(([, said]) => said)));
  }
}

let count = 0;

// What all controls have: a name, and a sentence that explains it.
class Control {
  constructor(panel, control, { isGroup = false } = {}) {
    this.panel = panel;
    this.id = `control-${(count += 1)}`;
    this.name = make(isGroup ? "span" : "label", { id: `${this.id}-name`, class: "name" });
    this.help = make("button", { type: "button", class: "help", "aria-expanded": "false", text: "?" });
    this.sentence = make("p", { class: "sentence", hidden: true });
    this.help.onclick = () => {
      this.sentence.hidden = !this.sentence.hidden;
      this.help.setAttribute("aria-expanded", String(!this.sentence.hidden));
    };
    this.head = make("div", { class: "head" }, this.name);
    const named = { class: `control ${control.kind}`, "data-key": control.key };
    if (isGroup) Object.assign(named, { role: "group", "aria-labelledby": this.name.id });
    this.element = make("div", named, this.head, this.sentence);
  }

  update(control) {
    this.control = control;
    this.name.textContent = control.label;
    if (control.help) {
      this.help.setAttribute("aria-label", `About ${control.label}`);
      this.sentence.textContent = control.help;
      this.head.append(this.help);
    }
  }
}

// Buttons with a bar of counts each.
class Options extends Control {
  constructor(panel, control) {
    super(panel, control, { isGroup: true });
    this.row = make("div", { class: "options" });
    this.element.append(this.row);
    this.buttons = new Map();
  }

  update(control) {
    super.update(control);
    const shown = new Set(control.options.map(option => option.value));
    for (const [value, button] of this.buttons) {
      if (!shown.has(value)) {
        button.remove();
        this.buttons.delete(value);
      }
    }
    for (const option of control.options) this.option(option);
  }

  option(option) {
    let button = this.buttons.get(option.value);
    if (!button) {
      button = this.made(option);
      this.buttons.set(option.value, button);
    }
    // In the order of the options; a button that is in its place is not moved: it has the focus.
    const place = this.row.children[this.control.options.indexOf(option)];
    if (place !== button) this.row.insertBefore(button, place ?? null);
    const chosen = this.isChosen(option.value);
    button.classList.toggle("chosen", chosen);
    button.setAttribute(this.state, String(chosen));
    button.querySelector(".option-name").textContent = option.label;
    const count = button.querySelector(".count");
    count.textContent = option.n ?? "";
    button.style.setProperty("--share", option.share ?? 0);
    if (option.n !== undefined) {
      const patients = option.n === 1 ? "1 patient" : `${option.n} patients`;
      button.setAttribute("aria-label", `${option.label}, ${patients}`);
    }
    button.classList.toggle("none", option.n === 0);
  }

  made(option) {
    const button = make("button", { type: "button", role: this.role, class: "option" },
      make("span", { class: "option-name" }), make("span", { class: "count" }));
    const next = () => [this.control.key, this.next(option.value)];
    button.onpointerenter = () => this.panel.ahead([next()]);
    button.onfocus = () => this.panel.ahead([next(), ...this.beside(button)]);
    button.onclick = () => {
      const text = this.next(option.value);
      this.chosen = this.after(option.value);
      for (const known of this.control.options) this.option(known);
      this.panel.choose(this.control.key, text);
    };
    button.onkeydown = event => this.arrow(event, button);
    return button;
  }

  beside(button) {
    return [button.previousElementSibling, button.nextElementSibling]
      .filter(Boolean)
      .map(other => [...this.buttons].find(([, known]) => known === other)?.[0])
      .filter(value => value !== undefined)
      .map(value => [this.control.key, this.next(value)]);
  }

  arrow(event, button) {
    const to = { ArrowRight: "nextElementSibling", ArrowDown: "nextElementSibling",
      ArrowLeft: "previousElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    if (!to || !button[to]) return;
    event.preventDefault();
    button[to].focus();
  }

  isChosen(value) {
    return this.chosen.includes(value);
  }
}

class Several extends Options {
  role = "checkbox";
  state = "aria-checked";

  update(control) {
    this.chosen = control.chosen;
    super.update(control);
  }

  after(value) {
    const chosen = this.isChosen(value)
      ? this.chosen.filter(other => other !== value)
      : [...this.chosen, value];
    return this.control.options.map(option => option.value).filter(other => chosen.includes(other));
  }

  // The text of the address: parts joined by commas, or by bars where a part has a comma.
  next(value) {
    const chosen = [...this.after(value)].sort();
    return chosen.join(chosen.some(part => part.includes(",")) || this.control.bars ? "|" : ",");
  }
}

class One extends Options {
  role = "radio";
  state = "aria-checked";

  update(control) {
    this.chosen = [control.chosen];
    super.update(control);
    this.element.setAttribute("role", "radiogroup");
    for (const [value, button] of this.buttons) button.tabIndex = this.isChosen(value) ? 0 : -1;
  }

  after(value) {
    return [value];
  }

  next(value) {
    return value === this.control.default ? "" : value;
  }
}

class Field extends Control {
  constructor(panel, control, input) {
    super(panel, control);
    this.input = input;
    this.input.id = this.id;
    this.name.htmlFor = this.id;
    this.element.append(this.input);
  }
}

class List extends Field {
  constructor(panel, control) {
    super(panel, control, make("select"));
    this.input.onchange = () => this.panel.choose(this.control.key, this.text(this.input.value));
    this.input.onfocus = this.input.onpointerenter = () =>
      this.panel.ahead(this.control.options.slice(0, 8)
        .filter(option => option.value !== this.input.value)
        .map(option => [this.control.key, this.text(option.value)]));
  }

  text(value) {
    return value === this.control.default ? "" : value;
  }

  update(control) {
    super.update(control);
    this.input.replaceChildren(...control.options.map(option =>
      make("option", { value: option.value, text: option.n === undefined ? option.label : `${option.label} · ${option.n}` })));
    this.input.value = control.chosen;
  }
}

class Flag extends Field {
  constructor(panel, control) {
    super(panel, control, make("input", { type: "checkbox", role: "switch" }));
    this.head.prepend(this.input);
    this.input.onpointerenter = this.input.onfocus = this.element.onpointerenter = () =>
      this.panel.ahead([[this.control.key, this.text(!this.input.checked)]]);
    this.input.onchange = () => this.panel.choose(this.control.key, this.text(this.input.checked));
  }

  text(on) {
    return on === this.control.default ? "" : String(on);
  }

  update(control) {
    super.update(control);
    this.input.checked = control.chosen;
  }
}

class Amount extends Field {
  constructor(panel, control) {
    super(panel, control, make("input", { type: "number", inputmode: "decimal" }));
    this.input.onchange = () => {
      if (!this.input.checkValidity() || this.input.value === "") {
        this.input.value = this.control.chosen;
        return;
      }
      const text = String(Number(this.input.value));
      this.panel.choose(this.control.key, Number(text) === this.control.default ? "" : text);
    };
  }

  update(control) {
    super.update(control);
    Object.assign(this.input, { min: control.low, max: control.high, step: control.step });
    if (this.input.getRootNode().activeElement !== this.input) this.input.value = control.chosen;
  }
}

class Words extends Field {
  constructor(panel, control) {
    super(panel, control, make("input", { type: "search", maxlength: 80 }));
    this.input.onchange = () => this.panel.choose(this.control.key, this.input.value.trim());
  }

  update(control) {
    super.update(control);
    this.input.placeholder = control.help ?? "";
    if (this.input.getRootNode().activeElement !== this.input) this.input.value = control.chosen;
  }
}

// Two handles on one line.
class Range extends Control {
  constructor(panel, control) {
    super(panel, control, { isGroup: true });
    this.low = make("input", { type: "range", "aria-label": "from" });
    this.high = make("input", { type: "range", "aria-label": "to" });
    this.shown = make("output", { class: "range-shown" });
    this.element.append(this.shown, make("div", { class: "track" }, this.low, this.high));
    for (const handle of [this.low, this.high]) {
      handle.oninput = () => this.held(handle);
      handle.onchange = () => this.panel.choose(this.control.key, this.text());
    }
  }

  // The handles do not pass each other.
  held(handle) {
    if (Number(this.low.value) > Number(this.high.value)) {
      if (handle === this.low) this.low.value = this.high.value;
      else this.high.value = this.low.value;
    }
    this.say();
  }

  text() {
    const { low, high } = this.control;
    const [from, to] = [Number(this.low.value), Number(this.high.value)];
    return from === low && to === high ? "" : `${from}-${to}`;
  }

  say() {
    this.shown.textContent = `${this.low.value} to ${this.high.value}`;
    const width = this.control.high - this.control.low || 1;
    const track = this.element.querySelector(".track");
    track.style.setProperty("--from", (this.low.value - this.control.low) / width);
    track.style.setProperty("--to", (this.high.value - this.control.low) / width);
  }

  update(control) {
    super.update(control);
    for (const handle of [this.low, this.high]) {
      Object.assign(handle, { min: control.low, max: control.high, step: control.step });
    }
    [this.low.value, this.high.value] = control.chosen;
    this.say();
  }
}

// Options that are seldom needed, behind a button.
class Group extends Panel {
  constructor(panel, control) {
    const inside = make("div", { class: "controls inside", role: "group", hidden: true });
    const element = make("div", { class: "control group" });
    super({ querySelector: () => inside });
    this.outer = panel;
    this.element = element;
    this.button = make("button", { type: "button", class: "more", "aria-expanded": "false" });
    this.button.onclick = () => this.open(inside.hidden);
    inside.onkeydown = event => {
      if (event.key !== "Escape") return;
      this.open(false);
      this.button.focus();
    };
    element.append(this.button, inside);
    document.addEventListener("pointerdown", event => {
      if (!event.composedPath().includes(element)) this.open(false);
    });
  }

  open(open) {
    this.place.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
  }

  update(control) {
    const changed = control.changed ? ` · ${control.changed}` : "";
    this.button.textContent = `${control.label}${changed}`;
    this.receive({ data: { ...this.outer.data, controls: control.controls, label: control.label },
      setTriggerValue: () => {} });
  }

  choose(key, text) {
    this.outer.choose(key, text);
    this.words = this.outer.words;
  }

  with(key, text) {
    return this.outer.with(key, text);
  }
}

const KINDS = { several: Several, one: One, list: List, flag: Flag, number: Amount, range: Range,
  words: Words, group: Group };

const known = new WeakMap();

export default function (component) {
  const parent = component.parentElement;
  if (!known.has(parent)) known.set(parent, new Panel(parent));
  known.get(parent).receive(component);
  return () => known.delete(parent);
}
