// Controls, legend, and what happens when something is chosen.
function chooseParcel(position, zoom) {
  state.position = position;
  state.commune = -1;
  paintCommunes();
  buildPins();
  markRow();
  var done = buildPanel();
  if (position >= 0 && zoom) {
    var b = Math.floor(position / P.size);
    shapeBlock(b).then(function (block) {
      if (state.position !== position) { return; }
      var bounds = boundsOf(block, position - b * P.size);
      if (bounds.isValid()) { map.fitBounds(bounds, { padding: [60, 60], maxZoom: 17, animate: !still() }); }
    });
  }
  reveal(zoom);
  return done;
}

function chooseCommune(i, zoom) {
  state.position = -1;
  state.commune = i;
  paintCommunes();
  buildPins();
  markRow();
  buildPanel();
  var box = i >= 0 && data.communes.box[i];
  if (zoom && box) { map.fitBounds([[box[0], box[1]], [box[2], box[3]]], { padding: [20, 20], maxZoom: 15, animate: !still() }); }
  reveal(zoom);
}

// On a phone the map and the panel do not stand side by side: bring what was asked for into view.
function reveal(toMap) {
  if (window.innerWidth >= 900 && byId("map-area").getBoundingClientRect().top > -80) { return; }
  if (toMap) { byId("map-area").scrollIntoView({ block: "start", behavior: still() ? "auto" : "smooth" }); }
}

function buildVerdicts() {
  var box = byId("verdicts").querySelector(".list");
  replace(box);
  P.verdicts.forEach(function (name, k) {
    var input = make("input", { type: "checkbox", value: name, checked: state.verdicts[k] });
    input.addEventListener("change", function () { state.verdicts[k] = input.checked; filtered(); });
    box.appendChild(make("label", null, input, verdictMark(name), make("span", null, w("v_" + name)), make("b", null, num(P.verdict_counts[k]))));
  });
}

function buildWhen() {
  var box = byId("when").querySelector(".choices");
  byId("when").hidden = !changed() || changed().children_uncovered_before.every(function (v) { return v === null; });
  replace(box);
  ["before", "after"].forEach(function (key) {
    var input = make("input", { type: "radio", name: "when", value: key, checked: state.when === key });
    input.addEventListener("change", function () { state.when = key; paintCommunes(); buildLegend(); if (state.commune >= 0) { buildPanel(); } });
    box.appendChild(make("label", null, input, make("span", null, w("when_" + key))));
  });
}

function tellFilter() {
  byId("score-told").textContent = w("min_score", { s: num(state.score, 2) });
  return allMarks().then(function (marks) {
    var n = 0;
    for (var k = 0; k < P.count; k += 1) { if (passes(marks.verdict[k], marks.score[k])) { n += 1; } }
    byId("shown").textContent = w("shown_count", { n: num(n), all: num(P.count) });
  }, function () { byId("shown").textContent = ""; });
}

function filtered() { tiles.repaint(); tellFilter(); tellHidden(); }

function item(box, text) { return make("li", null, box, make("span", null, text)); }

function shadeRow(verdict) {
  var row = make("span", { class: "shades" }), shades = S[P.verdicts[verdict]];
  if (P.breaks.length) { shades = [0].concat(P.breaks).map(function (b, k) { return shades[Math.round(k * (shades.length - 1) / P.breaks.length)]; }); }
  else { shades = shades.slice(-1); }
  shades.forEach(function (colour) {
    var box = svg("svg", { width: 16, height: 16, "aria-hidden": "true" });
    box.appendChild(svg("rect", { width: 16, height: 16, fill: verdict === 2 ? "url(#v-excluded)" : colour }));
    if (verdict === 1) { box.appendChild(svg("rect", { width: 16, height: 16, fill: "url(#v-stripes)" })); }
    row.appendChild(box);
  });
  return row;
}

function buildLegend() {
  var list = make("ul", null), limits = P.breaks, communes = make("ul", { class: "more" }), more = make("ul", { class: "more" });
  P.verdicts.forEach(function (name, k) { if (P.verdict_counts[k]) { list.appendChild(item(shadeRow(k), w("vl_" + name))); } });
  if (limits.length) { list.appendChild(make("li", { class: "note" }, w("score") + ": 0 – " + limits.map(function (v) { return num(v, 2); }).join(" – ") + " – 1")); }
  Object.keys(data.style.status).forEach(function (name) {
    if (data.communes.id.some(function (id, i) { return statusAt(i) === name; })) { communes.appendChild(item(swatch(statusFill(name)), w("s_" + name))); }
  });
  if (data.plan && data.plan.sites.id.length) { more.appendChild(item(smallPin(data.plan.sites.order[0], data.plan.sites.verdict[0]), w("l_pin"))); }
  var box = svg("svg", { width: 24, height: 18, class: "swatch", "aria-hidden": "true" });
  box.appendChild(svg("rect", { x: 2, y: 2, width: 20, height: 14, fill: "#fff6a8", stroke: "#000", "stroke-width": 2, "stroke-dasharray": "2 4" }));
  more.appendChild(item(box, w("l_usable")));
  replace(byId("legend"), make("h3", null, w("legend_parcels")), list, make("h3", null, w("legend_communes") + (changed() ? ": " + w("when_" + state.when).toLowerCase() : "")), communes, more);
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
  document.querySelectorAll("[data-language]").forEach(function (node) { node.setAttribute("aria-pressed", String(node.getAttribute("data-language") === state.language)); });
  document.querySelector(".other").setAttribute("href", "gap.html#" + state.language);
  map.getContainer().setAttribute("role", "application");
  map.getContainer().setAttribute("aria-label", w("map_label"));
  byId("study").textContent = data.study.name;
}

function rebuild() {
  speak();
  buildBanners();
  if (typeof DecompressionStream === "undefined") { byId("banners").appendChild(make("li", { class: "strong" }, w("old_browser"))); }
  buildVerdicts();
  buildWhen();
  buildLegend();
  buildPins();
  buildPlan();
  buildTable();
  buildNotes();
  buildMethods();
  buildPanel();
  tellFilter();
}

function start() {
  var asked = window.location.hash.slice(1), box;
  if (asked === "vi" || asked === "en") { state.language = asked; }
  map.invalidateSize();
  box = extent();
  if (box && map.getBoundsZoom(box, false, L.point(24, 24)) >= FROM_ZOOM) { map.fitBounds(box, { padding: [12, 12], animate: false }); } else { showAll(); }
  buildMap();
  rebuild();
  paintCommunes();
  thin();
  byId("score").addEventListener("input", function (event) { state.score = Number(event.target.value); filtered(); });
  byId("closer").addEventListener("click", goCloser);
  wire();
}

start();

// On paper the chosen sites are what the map is for.
window.addEventListener("beforeprint", function () { var seen = map.getBounds(); map.invalidateSize({ animate: false }); map.fitBounds(seen, { animate: false }); document.querySelectorAll("#panel details, #how-screened, #how-scored").forEach(function (d) { d.open = true; }); });
window.addEventListener("afterprint", function () { map.invalidateSize({ animate: false }); });
