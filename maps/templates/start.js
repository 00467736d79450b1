// Controls, and what happens when something is chosen.
function choose(i, s) {
  state.commune = i;
  state.site = s;
  paint();
  drawRing();
  buildPanel();
  markRow();
  thin();
}

function chooseCommune(i, zoom) {
  choose(i, -1);
  if (zoom) { showCommune(i); }
  reveal(zoom);
}

function chooseSite(s, zoom) {
  choose(data.sites.commune[s], s);
  var group = data.sites.counts[s] ? "sites" : "others";
  if (!shown[group]) { shown[group] = true; buildLayers(); layersOnMap(); buildLegend(); }
  if (zoom) { map.setView(data.sites.at[s], Math.max(map.getZoom(), 15), { animate: !still() }); }
  reveal(zoom);
}

// On a phone the map and the panel do not stand side by side: bring what was asked for into view.
function reveal(toMap) {
  if (window.innerWidth >= 900 && byId("map-area").getBoundingClientRect().top > -80) { return; }
  var hidden = window.innerWidth < 900 && byId("panel").getBoundingClientRect().top > window.innerHeight - 120;
  if (toMap || hidden) { byId("map-area").scrollIntoView({ block: "start", behavior: still() ? "auto" : "smooth" }); }
}

function options() {
  var out = [["show_communes", ["status"]], ["show_cells", []]];
  var shows = { share: "share", m2: "m2", children: "children" };
  Object.keys(shows).forEach(function (key) {
    if (data.bands.some(function (band) { return (data.gaps[band][COLUMN[key]] || []).some(function (v) { return v !== null; }); })) { out[0][1].push(key); }
  });
  if (picture("walk")) { out[1][1].push("walk"); }
  if (picture("circle")) { out[1][1].push("circle"); }
  if (picture("children")) { out[1][1].push("cells"); }
  return out;
}

function buildShow() {
  var select = byId("show");
  replace(select);
  options().forEach(function (group) {
    if (!group[1].length) { return; }
    var box = make("optgroup", { label: w(group[0], { cell: num(data.cell_m) }) });
    group[1].forEach(function (key) {
      var words = { status: "by_status", share: "by_share", m2: "by_m2", children: "by_children", walk: "by_walk", circle: "by_circle", cells: "by_cell_children" };
      box.appendChild(make("option", { value: key, selected: key === state.show }, w(words[key])));
    });
    select.appendChild(box);
  });
  if (select.value !== state.show) { state.show = select.value; }
}

function buildBands() {
  var box = byId("band").querySelector(".choices");
  replace(box);
  ["all"].concat(data.bands.filter(function (b) { return b !== "all"; })).forEach(function (band) {
    var input = make("input", { type: "radio", name: "band", value: band, checked: band === state.band });
    input.addEventListener("change", function () { state.band = band; buildShow(); refresh(); });
    box.appendChild(make("label", null, input, make("span", null, bandName(band))));
  });
}

function buildLayers() {
  var box = byId("layers"), legend = box.querySelector("legend");
  var there = { sites: data.sites.counts.some(Boolean), others: data.sites.counts.some(function (c) { return !c; }), barriers: Boolean(handles.barriers), names: true };
  replace(box, legend);
  Object.keys(there).forEach(function (key) {
    if (!there[key]) { return; }
    var input = make("input", { type: "checkbox", value: key, checked: shown[key] });
    input.addEventListener("change", function () { shown[key] = input.checked; layersOnMap(); buildLegend(); });
    box.appendChild(make("label", null, input, make("span", null, w("l_" + key))));
  });
}

function speak() {
  document.documentElement.lang = state.language;
  document.title = w("title") + " · " + data.study.name;
  document.querySelectorAll("[data-word]").forEach(function (node) { node.textContent = w(node.getAttribute("data-word")); });
  document.querySelectorAll("[data-label]").forEach(function (node) {
    node.setAttribute("aria-label", w(node.getAttribute("data-label")));
    if (node.tagName === "BUTTON") { node.title = w(node.getAttribute("data-label")); }
  });
  document.querySelectorAll("[data-hint]").forEach(function (node) { node.placeholder = w(node.getAttribute("data-hint")); });
  document.querySelectorAll("[data-language]").forEach(function (node) {
    node.setAttribute("aria-pressed", String(node.getAttribute("data-language") === state.language));
  });
  map.getContainer().setAttribute("role", "application");
  document.querySelectorAll("a.other").forEach(function (node) { node.setAttribute("href", "sites.html#" + state.language); });
  map.getContainer().setAttribute("aria-label", w("map_label"));
  byId("study").textContent = data.study.name;
}

function refresh() {
  paint();
  drawRing();
  buildLegend();
  buildPanel();
  buildTable();
  retell();
}

function rebuild() {
  speak();
  buildBanners();
  buildBands();
  buildShow();
  buildLayers();
  buildNotes();
  refresh();
}

function start() {
  var asked = window.location.hash.slice(1);
  if (asked === "vi" || asked === "en") { state.language = asked; }
  if (!data.gaps.all.children_uncovered) { state.show = "children"; }
  buildMap(chooseCommune, chooseSite);
  rebuild();
  map.invalidateSize();
  showAll();
  layersOnMap();
  map.on("click", function () { if (state.commune >= 0 || state.site >= 0) { choose(-1, -1); } });
  byId("show").addEventListener("change", function (event) { state.show = event.target.value; refresh(); });
  wire();
}

start();

// On paper the whole map is shown, in the room that the sheet gives it.
window.addEventListener("beforeprint", function () { map.invalidateSize({ animate: false }); showAll(); });
window.addEventListener("afterprint", function () { map.invalidateSize({ animate: false }); });
