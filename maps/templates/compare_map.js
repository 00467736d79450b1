// The map: later communes by class, cells by class, earlier boundaries, play areas that changed, names.
var map = handles.map;
var outlines = [];
var labels = [];
state.show = "commune";
var pane = map.createPane("places");
pane.style.zIndex = 450;
var placeRenderer = L.svg({ pane: "places" });
var groups = { then: handles.before, places: L.layerGroup(), names: L.layerGroup() };
var shown = { then: false, places: true, names: true };
var MARK = { better: " ▲", worse: " ▼" };

function classFill(name) { return "url(#c-" + name + ")"; }

function paint() {
  var cells = state.show === "cell" && handles.pictures.cells;
  outlines.forEach(function (layer, i) {
    if (!layer) { return; }
    var chosen = i === state.commune;
    layer.setStyle({
      color: chosen ? "#000000" : "#2b2b2b", weight: chosen ? 4 : 1, opacity: chosen ? 1 : 0.75,
      fillColor: cells ? "#ffffff" : classFill(data.communes.change[i]), fillOpacity: cells ? 0 : 0.9
    });
    if (chosen) { layer.bringToFront(); }
  });
  var over = handles.pictures.cells;
  if (over && cells && !map.hasLayer(over)) { over.addTo(map); }
  if (over && !cells && map.hasLayer(over)) { map.removeLayer(over); }
  if (shown.then && map.hasLayer(groups.then)) { groups.then.bringToFront(); }
}

function changeTag(name, prefix) {
  return make("span", { class: "change" }, swatch(classFill(name)), make("span", null, w((prefix || "k_") + name)));
}

function placeKind(place) {
  return place.change === "opened" || place.change === "found" ? "opened"
    : place.change === "closed" || place.change === "no_longer_looked_for" ? "closed" : "other";
}

var PLACE = { opened: ["#0b5345", "#ffffff", 7], closed: ["#ffffff", "#7a1500", 7], other: ["#fbdc8a", "#4d3500", 6] };

function hint(i) {
  return make("div", { class: "tip" }, make("strong", null, data.communes.name[i]), changeTag(data.communes.change[i]),
    make("div", null, w("s_" + data.communes.status_then[i]) + " → " + w("s_" + data.communes.status_now[i])));
}

function placeName(place) { return place.name || place.second_id || place.first_id; }

function placeHint(place) {
  var told = place.changes.split(";").map(function (each) { return w("k_" + each); }).join(", ");
  return make("div", { class: "tip" }, make("strong", null, placeName(place)), make("div", null, told), make("div", null, sizes(place)));
}

function sizes(place) {
  if (place.first_m2 === null && place.second_m2 === null) { return w("size_unknown"); }
  if (place.first_id === null || place.second_id === null) {
    return num(place.first_id === null ? place.second_m2 : place.first_m2) + " m²";
  }
  return place.first_m2 === place.second_m2 ? num(place.second_m2) + " m²"
    : w("place_m2", { one: num(place.first_m2), two: num(place.second_m2) });
}

function noStop(layer) {
  var set = function () { var path = layer.getElement && layer.getElement(); if (path) { path.setAttribute("tabindex", "-1"); } };
  layer.on("add", set);
  set();
}

function buildMap(choose) {
  handles.communes.eachLayer(function (layer) {
    var i = layer.feature.properties.i;
    outlines[i] = layer;
    layer.bindTooltip(function () { return hint(i); }, { sticky: true, opacity: 1 });
    noStop(layer);
    layer.on("click", function (event) { L.DomEvent.stop(event); choose(i); });
  });
  handles.before.setStyle({ color: "#5c2300", weight: 1.2, dashArray: "5 4", fill: false });
  data.places.forEach(function (place) {
    var style = PLACE[placeKind(place)];
    var dot = L.circleMarker(place.at, {
      pane: "places", renderer: placeRenderer, radius: style[2], color: style[1], weight: 2.5, fillColor: style[0], fillOpacity: 1
    }).addTo(groups.places);
    dot.bindTooltip(function () { return placeHint(place); }, { opacity: 1 });
    noStop(dot);
  });
  data.communes.label.forEach(function (at, i) {
    if (!at) { return; }
    var kind = data.communes.change[i];
    var name = "place" + (kind === "better" ? " up" : kind === "worse" ? " down" : "");
    var label = L.tooltip({ permanent: true, direction: "center", className: name, interactive: false, opacity: 1 });
    label.setLatLng(at).setContent(make("span", null, data.communes.name[i] + (MARK[kind] || "")));
    labels.push({ i: i, layer: label, first: kind === "better" || kind === "worse" });
    groups.names.addLayer(label);
  });
  L.control.scale({ imperial: false, maxWidth: 140 }).addTo(map);
  map.on("zoomend moveend resize", thin);
}

// Names that would lie on top of another are left out: those that changed first, then larger communes.
function thin() {
  if (!shown.names) { return; }
  apart(labels.slice().sort(function (a, b) { return (b.first - a.first) || size(b.i) - size(a.i); }).map(function (label) {
    return { node: label.layer.getElement(), stays: label.i === state.commune };
  }));
}

function size(i) {
  var box = data.communes.box[i];
  return i === state.commune ? Infinity : box ? (box[2] - box[0]) * (box[3] - box[1]) : 0;
}

function layersOnMap() {
  Object.keys(groups).forEach(function (key) {
    if (shown[key] && !map.hasLayer(groups[key])) { groups[key].addTo(map); }
    if (!shown[key] && map.hasLayer(groups[key])) { map.removeLayer(groups[key]); }
  });
  paint();
  thin();
}

function still() { return !window.matchMedia || window.matchMedia("(prefers-reduced-motion: reduce)").matches; }

function showCommune(i) {
  var box = data.communes.box[i];
  if (box) { map.fitBounds([[box[0], box[1]], [box[2], box[3]]], { padding: [30, 30], maxZoom: 14, animate: !still() }); }
}

function showAll() { map.fitBounds(handles.communes.getBounds(), { padding: [12, 12], animate: false }); }
