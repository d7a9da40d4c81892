// Draws every figure of the page. A figure is `<script type="application/json" class="figure">`
// with `data` and `layout`; it is drawn into the element that its `data-target` names, or, where it
// names none, into a box put right before it. The table underneath is the page without scripts.
import Plotly from "./plotly.js";

const CONFIG = {
  displaylogo: false,
  displayModeBar: false,
  plotlyServerURL: "",
  responsive: true,
  showSendToCloud: false,
};

const dark = matchMedia("(prefers-color-scheme: dark)");

// Words stand on the page's own ground, so that no line of the grid runs through them.
const onPaper = (colour) => ({ layout: { annotationdefaults: { bgcolor: colour, borderpad: 0 } } });

// The page's own colours, read from its style, so that a chart is dark where the page is.
const pageColours = () => {
  const style = getComputedStyle(document.documentElement);
  const named = (name) => style.getPropertyValue(name).trim();
  // One object an axis: the library writes into what it is given.
  const grid = () => ({ automargin: true, gridcolor: named("--govuk-border-colour"), zerolinecolor: named("--govuk-border-colour") });
  return {
    font: { color: named("--govuk-text-colour"), family: getComputedStyle(document.body).fontFamily, size: 14 },
    margin: { t: 32, r: 16, b: 40, l: 16 },
    polar: { bgcolor: "rgba(0,0,0,0)", angularaxis: grid(), radialaxis: grid() },
    xaxis: grid(),
    yaxis: grid(),
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    template: onPaper(named("--govuk-body-background-colour")),
    colorway: dark.matches
      ? ["#8fd0c4", "#ffc65c", "#dcb6da", "#9cd3ea", "#ffa79c"]
      : ["#1f5c54", "#b5761a", "#6b3f69", "#1d566f", "#a8261a"],
  };
};

const isPlain = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

// What the figure says wins over the page's own, part by part.
const merged = (base, over) => {
  const result = { ...base };
  for (const [name, value] of Object.entries(over)) {
    result[name] = isPlain(value) && isPlain(base[name]) ? merged(base[name], value) : value;
  }
  return result;
};

const boxFor = (source) => {
  const named = source.dataset.target && document.getElementById(source.dataset.target);
  if (named) return named;
  const box = document.createElement("div");
  box.className = "figure-chart";
  source.before(box);
  source.dataset.target = box.id = `figure-${Math.random().toString(36).slice(2)}`;
  return box;
};

const draw = (source) => {
  const { data, layout = {} } = JSON.parse(source.textContent);
  const box = boxFor(source);
  box.hidden = false;
  box.closest(".chart")?.classList.add("chart--drawn");
  return Plotly.react(box, data, merged({ autosize: true, ...pageColours() }, layout), CONFIG);
};

const drawAll = () => document.querySelectorAll('script[type="application/json"].figure').forEach(draw);

// A picture for a slide: light whatever the page is, with its title, and made here, sent nowhere.
const PNG_WIDTH = 900;
const LIGHT = {
  font: { color: "#1d1b22", family: "Arial, sans-serif", size: 14 },
  paper_bgcolor: "#ffffff",
  plot_bgcolor: "#ffffff",
  template: onPaper("#ffffff"),
};

const savePng = async (button) => {
  const source = document.querySelector(`script.figure[data-target="${button.dataset.png}"]`);
  const { data, layout = {} } = JSON.parse(source.textContent);
  const margin = { ...layout.margin, t: (layout.margin?.t ?? 20) + 40 };
  const height = (layout.height ?? 340) + 40;
  const title = { text: button.dataset.title, x: 0.02, y: 0.99, yanchor: "top", font: { size: 18 } };
  const figure = { data, layout: { ...merged(LIGHT, layout), margin, height, title }, config: CONFIG };
  // By way of a data address: the library's own way to a PNG is a blob, which the policy refuses.
  const picture = new Image();
  picture.src = await Plotly.toImage(figure, { format: "svg", width: PNG_WIDTH, height });
  await picture.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: 2 * PNG_WIDTH, height: 2 * height });
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const link = document.createElement("a");
  link.href = canvas.toDataURL("image/png");
  link.download = `${button.closest(".block").querySelector(".chart").dataset.name}.png`;
  link.click();
};

for (const button of document.querySelectorAll("button[data-png]")) {
  button.closest("li").hidden = false;
  button.addEventListener("click", () => savePng(button));
}

drawAll();
dark.addEventListener("change", drawAll);
// A chart in a hidden tab has no width when drawn; opening the tab gives it one.
addEventListener("hashchange", () => dispatchEvent(new Event("resize")));
document.addEventListener("click", (event) => {
  if (event.target.closest?.(".govuk-tabs__tab")) setTimeout(() => dispatchEvent(new Event("resize")));
});
// Nor has one that was folded away; a toggle does not bubble.
document.addEventListener("toggle", () => dispatchEvent(new Event("resize")), true);
