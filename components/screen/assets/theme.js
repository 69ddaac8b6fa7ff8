// The figure on a dark page: the same figure, each colour in its place on the other ground.
//
// Colours are written once, in components/drawing/theme.py; Python sends which stands for which.
// A heatmap's scale turns round, so that nothing shines where there is nothing, and the words on
// its cells are inked anew.

export function isDark(element) {
  const ground = getComputedStyle(element.getRootNode().host ?? element)
    .getPropertyValue("--st-background-color")
    .trim();
  return ground !== "" && luminance(ground) < 0.2;
}

function rgb(colour) {
  const hex = colour.replace("#", "");
  return [0, 2, 4].map(place => parseInt(hex.slice(place, place + 2), 16));
}

// Relative luminance (WCAG 2.2) of #rrggbb, from 0 to 1.
export function luminance(colour) {
  const [red, green, blue] = rgb(colour).map(part => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

// A figure with its colours replaced; the figure itself stays as it is.
export function darkened(figure, { colours, scales }) {
  const shown = replaced(figure, colours);
  for (const [place, trace] of (figure.data ?? []).entries()) {
    if (trace.type !== "heatmap" || !trace.colorscale) continue;
    const dark = scales.find(scale => same(scale.light, trace.colorscale));
    if (!dark) continue;
    const turned = shown.data[place];
    turned.colorscale = dark.dark;
    turned.text = trace.text?.map((line, y) =>
      line.map((text, x) => inked(text, shade(dark.dark, share(trace, trace.z[y][x])))),
    );
  }
  return shown;
}

function replaced(value, colours) {
  if (typeof value === "string") {
    const whole = colours[value.toLowerCase()];
    if (whole) return whole;
    return value.includes("color:#")
      ? value.replace(/color:(#[0-9a-f]{6})/gi, (text, colour) =>
          `color:${colours[colour.toLowerCase()] ?? colour}`,
        )
      : value;
  }
  if (Array.isArray(value)) {
    return typeof value[0] === "number" ? value : value.map(item => replaced(item, colours));
  }
  if (value && typeof value === "object") {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        key === "customdata" ? item : replaced(item, colours),
      ]),
    );
  }
  return value;
}

function same(one, other) {
  return one.length === other.length && one.every(([at, colour], place) =>
    at === other[place][0] && colour.toLowerCase() === String(other[place][1]).toLowerCase());
}

function share(trace, value) {
  if (value === null || value === undefined) return null;
  return (value - trace.zmin) / (trace.zmax - trace.zmin);
}

function shade(scale, at) {
  if (at === null) return null;
  const after = scale.findIndex(([stop]) => stop >= at);
  if (after <= 0) return scale[Math.max(0, after)][1];
  const [low, from] = scale[after - 1];
  const [high, to] = scale[after];
  const part = high === low ? 0 : (at - low) / (high - low);
  const mixed = rgb(from).map((start, place) => Math.round(start + part * (rgb(to)[place] - start)));
  return "#" + mixed.map(number => number.toString(16).padStart(2, "0")).join("");
}

function inked(text, ground) {
  if (!text || ground === null) return text;
  const ink = (luminance(ground) + 0.05) / 0.05 >= 1.05 / (luminance(ground) + 0.05) ? "#000000" : "#ffffff";
  return text.replace(/color:#[0-9a-f]{6}/i, `color:${ink}`);
}
