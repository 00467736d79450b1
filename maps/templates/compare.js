// Controls, legend, and what happens when something is chosen.
function chooseCommune(i) {
  state.commune = i;
  paint();
  buildPanel();
  document.querySelectorAll("#table tr[data-commune]").forEach(function (node) {
    node.classList.toggle("chosen", Number(node.getAttribute("data-commune")) === i);
  });
  thin();
}

function legendItem(mark, text) { return make("li", null, mark, make("span", null, text)); }

function placeMark(kind) {
  var box = svg("svg", { width: 24, height: 18, class: "swatch", "aria-hidden": "true" }), style = PLACE[kind];
  box.appendChild(svg("circle", { cx: 12, cy: 9, r: 6, fill: style[0], stroke: style[1], "stroke-width": 2.5 }));
  return box;
}

function lineMark() {
  var box = svg("svg", { width: 24, height: 18, class: "swatch", "aria-hidden": "true" });
  box.appendChild(svg("path", { d: "M1 9 H23", stroke: "#5c2300", "stroke-width": 2, "stroke-dasharray": "5 4" }));
  return box;
}

function buildLegend() {
  var cells = state.show === "cell";
  var main = make("ul", null), rest = make("ul", { class: "more" });
  data.classes.forEach(function (name) {
    if (cells ? data.cell_classes.indexOf(name) >= 0 : data.record.communes.change[name]) { main.appendChild(legendItem(cells ? swatch(plainFill(name)) : swatch(classFill(name)), w("c_" + name))); }
  });
  if (shown.places) {
    ["opened", "closed", "other"].forEach(function (kind) {
      if (data.places.some(function (place) { return placeKind(place) === kind; })) { rest.appendChild(legendItem(placeMark(kind), w("p_" + kind))); }
    });
  }
  if (shown.then) { rest.appendChild(legendItem(lineMark(), w("l_then"))); }
  replace(byId("legend"), main, rest.firstChild ? rest : null, make("p", { class: "note" }, w("ground_alone")));
}

function plainFill(name) { return document.querySelector("#c-" + name + " rect").getAttribute("fill"); }

function buildShow() {
  var box = byId("show").querySelector(".choices");
  replace(box);
  ["commune", "cell"].forEach(function (key) {
    if (key === "cell" && !handles.pictures.cells) { return; }
    var input = make("input", { type: "radio", name: "show", value: key, checked: key === state.show });
    input.addEventListener("change", function () { state.show = key; paint(); buildLegend(); });
    box.appendChild(make("label", null, input, make("span", null, w("by_" + key, { m: num(data.record.cell_m) }))));
  });
}

function buildLayers() {
  var box = byId("layers"), legend = box.querySelector("legend");
  replace(box, legend);
  Object.keys(groups).forEach(function (key) {
    if (key === "places" && !data.places.length) { return; }
    var input = make("input", { type: "checkbox", value: key, checked: shown[key] });
    input.addEventListener("change", function () { shown[key] = input.checked; layersOnMap(); buildLegend(); });
    box.appendChild(make("label", null, input, make("span", null, w("l_" + key))));
  });
}

function speak() {
  document.documentElement.lang = state.language;
  document.title = w("title") + " · " + byId("study").textContent;
  document.querySelectorAll("[data-word]").forEach(function (node) { node.textContent = w(node.getAttribute("data-word")); });
  document.querySelectorAll("[data-label]").forEach(function (node) {
    node.setAttribute("aria-label", w(node.getAttribute("data-label")));
    if (node.tagName === "BUTTON") { node.title = w(node.getAttribute("data-label")); }
  });
  document.querySelectorAll("[data-language]").forEach(function (node) {
    node.setAttribute("aria-pressed", String(node.getAttribute("data-language") === state.language));
  });
  map.getContainer().setAttribute("role", "application");
  map.getContainer().setAttribute("aria-label", w("map_label"));
  byId("headline").textContent = data.record.headline[state.language];
  var notes = byId("notes"), banners = byId("banners");
  replace(notes);
  data.record.notes.forEach(function (note) { notes.appendChild(make("li", null, note[state.language])); });
  replace(banners);
  ["synthetic", "estimate"].forEach(function (key) {
    if (data.record.first[key] || data.record.second[key]) { banners.appendChild(make("li", { class: key === "synthetic" ? "strong" : null }, w(key))); }
  });
}

function rebuild() {
  speak();
  buildShow();
  buildLayers();
  buildLegend();
  buildPanel();
  buildTable();
  buildAbout();
}

function start() {
  var asked = window.location.hash.slice(1);
  if (asked === "vi" || asked === "en") { state.language = asked; }
  buildMap(chooseCommune);
  rebuild();
  map.invalidateSize();
  showAll();
  layersOnMap();
  map.on("click", function () { if (state.commune >= 0) { chooseCommune(-1); } });
  byId("zoom-in").addEventListener("click", function () { map.zoomIn(); });
  byId("zoom-out").addEventListener("click", function () { map.zoomOut(); });
  byId("whole").addEventListener("click", showAll);
  document.querySelectorAll("[data-language]").forEach(function (node) {
    node.addEventListener("click", function () { state.language = node.getAttribute("data-language"); rebuild(); });
  });
}

start();

window.addEventListener("beforeprint", function () { map.invalidateSize({ animate: false }); showAll(); });
window.addEventListener("afterprint", function () { map.invalidateSize({ animate: false }); });
