// The map itself: communes, cells, play areas, barriers and names.
var map = handles.map;
var outlines = [];
var labels = [];
var dots = [];
var sitePane = map.createPane("sites");
sitePane.style.zIndex = 450;
var siteRenderer = L.svg({ pane: "sites" });
var ring = L.layerGroup().addTo(map);
var groups = { sites: L.layerGroup(), others: L.layerGroup(), names: L.layerGroup() };
if (handles.barriers) { groups.barriers = handles.barriers; }
var shown = { sites: true, others: false, barriers: true, names: true };
var CELLS = { walk: true, circle: true, cells: true };

function classOf(number, breaks) {
  var k = 0;
  while (k < breaks.length && number >= breaks[k] * (1 - 1e-9)) { k += 1; }
  return k;
}

function scale(name) {
  var breaks = data.breaks[state.band][name];
  var colours = name === "children" ? data.style.amount : data.style.order;
  var count = breaks.length + 1;
  return { breaks: breaks, colours: breaks.map(function (b, k) { return k; }).concat(breaks.length).map(function (k) {
    return count === 1 ? colours[colours.length - 1] : colours[Math.round(k * (colours.length - 1) / (count - 1))];
  }) };
}

var COLUMN = { share: "covered_share", m2: "access_m2_per_child", children: "children" };

function communeFill(i) {
  var name = status(i);
  if (state.show === "status") { return statusFill(name); }
  if (state.show === "cells") { return null; }
  if (CELLS[state.show]) { return data.communes.surveyed[i] ? null : statusFill("unknown"); }
  var found = value(COLUMN[state.show], i);
  if (found === null) { return statusFill(name === "no_children" ? "no_children" : "unknown"); }
  var scaled = scale(state.show);
  return scaled.colours[classOf(found, scaled.breaks)];
}

function paint() {
  outlines.forEach(function (layer) {
    if (!layer) { return; }
    var i = layer.feature.properties.i;
    var filled = communeFill(i);
    var chosen = i === state.commune;
    layer.setStyle({
      color: chosen ? "#000000" : data.style.outline, weight: chosen ? 4 : 1, opacity: chosen ? 1 : 0.75,
      fillColor: filled || "#ffffff", fillOpacity: filled ? (CELLS[state.show] ? 0.75 : 0.9) : 0
    });
    if (chosen) { layer.bringToFront(); }
  });
  if (handles.barriers && shown.barriers && map.hasLayer(handles.barriers)) { handles.barriers.bringToFront(); }
  var over = CELLS[state.show] ? picture(state.show === "cells" ? "children" : state.show) : null;
  Object.keys(handles.pictures).forEach(function (key) {
    var layer = handles.pictures[key];
    if (layer === over) { if (!map.hasLayer(layer)) { layer.addTo(map); } }
    else if (map.hasLayer(layer)) { map.removeLayer(layer); }
  });
}

function hint(i) {
  var box = make("div", { class: "tip" }, make("strong", null, data.communes.name[i]), tag(status(i)));
  if (status(i) === "unknown" || CELLS[state.show] || state.show === "children") {
    box.appendChild(make("div", null, w("n_children") + ": " + people(value("children", i))));
  } else if (state.show === "m2") {
    box.appendChild(make("div", null, w("by_m2") + ": " + num(value("access_m2_per_child", i), 2)));
  } else if (value("covered_share", i) !== null) {
    box.appendChild(make("div", null, w("n_share") + ": " + perCent(value("covered_share", i)) + " %"));
  }
  return box;
}

function siteName(s) { return data.sites.name[s] || w("site_unnamed"); }

function siteHint(s) {
  return make("div", { class: "tip" }, make("strong", null, siteName(s)),
    make("div", null, kindWord(data.sites.kind[s], "k_")),
    make("div", null, data.sites.counts[s] ? w("site_counts") : w("site_not")));
}

// What a pointer rests on is told anew when a key changes the band, the colours or the language.
function retell() {
  outlines.concat(dots).forEach(function (layer) {
    if (layer && layer.isTooltipOpen()) { layer.getTooltip().update(); }
  });
}

function radius() { var z = map.getZoom(); return z < 11 ? 3.5 : z < 13 ? 5 : 7; }

function dotStyle(counts) {
  return counts ? { color: "#ffffff", weight: 1.5, fillColor: data.style.site, fillOpacity: 1 }
    : { color: data.style.site_not, weight: 2, dashArray: "2 2", fillColor: "#ffffff", fillOpacity: 0.9 };
}

// The table serves the keyboard: outlines and dots are no stops of the Tab key.
function noStop(layer) {
  var set = function () { var path = layer.getElement && layer.getElement(); if (path) { path.setAttribute("tabindex", "-1"); } };
  layer.on("add", set);
  set();
}

function buildMap(chooseCommune, chooseSite) {
  handles.communes.eachLayer(function (layer) {
    var i = layer.feature.properties.i;
    outlines[i] = layer;
    layer.bindTooltip(function () { return hint(i); }, { sticky: true, opacity: 1 });
    noStop(layer);
    layer.on("click", function (event) { L.DomEvent.stop(event); chooseCommune(i, false); });
  });
  data.sites.at.forEach(function (at, s) {
    var counts = data.sites.counts[s];
    var options = Object.assign({ pane: "sites", renderer: siteRenderer, radius: radius() }, dotStyle(counts));
    var group = counts ? groups.sites : groups.others;
    var area = data.sites.outline[s];
    if (area) {
      L.geoJson(area, { pane: "sites", renderer: siteRenderer, interactive: false, style: Object.assign(dotStyle(counts), {
        weight: 1, color: counts ? data.style.site : data.style.site_not, fillOpacity: counts ? 0.55 : 0.3 }) }).addTo(group);
    }
    var dot = L.circleMarker(at, options).addTo(group);
    dot.bindTooltip(function () { return siteHint(s); }, { opacity: 1 });
    noStop(dot);
    dot.on("click", function (event) { L.DomEvent.stop(event); chooseSite(s, false); });
    dots.push(dot);
  });
  data.communes.label.forEach(function (at, i) {
    if (!at) { return; }
    var label = L.tooltip({ permanent: true, direction: "center", className: "place", interactive: false, opacity: 1 });
    label.setLatLng(at).setContent(make("span", null, data.communes.name[i]));
    labels.push({ i: i, layer: label });
    groups.names.addLayer(label);
  });
  if (handles.barriers) {
    handles.barriers.setStyle({ color: data.style.barrier, weight: 2, opacity: 0.9, fillColor: data.style.barrier, fillOpacity: 0.45 });
  }
  L.control.scale({ imperial: false, maxWidth: 140 }).addTo(map);
  map.on("zoomend", function () { dots.forEach(function (dot) { dot.setRadius(radius()); }); thin(); });
  map.on("moveend resize", thin);
}

// Names that would lie on top of another are left out, larger communes first.
function thin() {
  if (!shown.names) { return; }
  apart(labels.slice().sort(function (a, b) { return size(b.i) - size(a.i); }).map(function (label) {
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
  if (handles.barriers && shown.barriers) { handles.barriers.bringToFront(); }
  thin();
}

function bounds(i) { var box = data.communes.box[i]; return box ? [[box[0], box[1]], [box[2], box[3]]] : null; }

function still() { return !window.matchMedia || window.matchMedia("(prefers-reduced-motion: reduce)").matches; }

function showCommune(i) { if (bounds(i)) { map.fitBounds(bounds(i), { padding: [30, 30], maxZoom: 15, animate: !still() }); } }

function showAll() { map.fitBounds(handles.communes.getBounds(), { padding: [12, 12], animate: false }); }

// The ring of a play area as the crow flies, and the cells that really walk to it.
function drawRing() {
  ring.clearLayers();
  var s = state.site, metres = limit();
  if (s < 0 || !metres) { return; }
  var found = data.sites.reach.by[s];
  if (found && data.sites.counts[s]) {
    data.sites.reach.rings.forEach(function (end, k) {
      if (end > metres * (1 + 1e-9)) { return; }
      for (var r = 0; r < found.r[k].length; r += 3) { ring.addLayer(runOf(found, found.r[k], r)); }
    });
  }
  ring.addLayer(L.circle(data.sites.at[s], { radius: metres, color: "#111111", weight: 2, dashArray: "6 6", fill: false, interactive: false }));
}

function runOf(found, list, r) {
  function corner(row, column) {
    return [found.o[0] + row * found.n[0] + column * found.e[0], found.o[1] + row * found.n[1] + column * found.e[1]];
  }
  var row = list[r], from = list[r + 1], to = list[r + 1] + list[r + 2];
  return L.polygon([corner(row, from), corner(row, to), corner(row + 1, to), corner(row + 1, from)], {
    stroke: false, fillColor: data.style.circle.reached, fillOpacity: 0.6, interactive: false
  });
}
