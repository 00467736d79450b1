// Communes, names, pins of the chosen sites, and the outline of the parcel that is looked at.
var outlines = [], labels = [], pins = [];
var marked = L.layerGroup().addTo(map);

function changed() { return data.plan && data.plan.change.all || null; }

function statusAt(i) {
  var change = changed(), k = change ? change[state.when][i] : data.communes.status[i];
  return data.statuses[k];
}

function paintCommunes() {
  var far = !parcelsShown();
  outlines.forEach(function (layer, i) {
    if (!layer) { return; }
    var chosen = i === state.commune;
    layer.setStyle({
      color: chosen ? "#000000" : data.style.outline, weight: chosen ? 3 : 1, opacity: chosen ? 1 : 0.7,
      fillColor: far ? statusFill(statusAt(i)) : "#ffffff", fillOpacity: far ? 0.9 : 0.55
    });
  });
  byId("closer").hidden = !far || !P.count;
  byId("when-hint").hidden = far;
}

function ring(block, i) {
  var out = [];
  for (var r = block.first[i]; r < block.first[i + 1]; r += 1) {
    var corners = [];
    for (var k = block.begin[r]; k < block.begin[r + 1]; k += 1) { corners.push(map.unproject(L.point(block.x[k], block.y[k]), P.zoom)); }
    out.push(corners);
  }
  return out;
}

// One even-odd path: holes stay holes whatever their parcel.
function drawMarked(p) {
  marked.clearLayers();
  if (!p) { return; }
  marked.addLayer(L.polygon(ring(p.block, p.i), { pane: "marks", color: "#ffffff", weight: 8, opacity: 0.9, fill: false, interactive: false }));
  marked.addLayer(L.polygon(ring(p.block, p.i), { pane: "marks", color: "#c2185b", weight: 4, fill: false, interactive: false }));
  var usable = ring(p.usable, p.i);
  if (usable.length) {
    marked.addLayer(L.polygon(usable, { pane: "marks", color: "#000000", weight: 2, dashArray: "2 5", fillColor: "#ffee58", fillOpacity: 0.35, interactive: false }));
  }
}

function boundsOf(block, i) {
  return L.latLngBounds(map.unproject(L.point(block.box[4 * i], block.box[4 * i + 3]), P.zoom), map.unproject(L.point(block.box[4 * i + 2], block.box[4 * i + 1]), P.zoom));
}

function still() { return !window.matchMedia || window.matchMedia("(prefers-reduced-motion: reduce)").matches; }

function pinNode(order, verdict) { return make("span", { class: "pin" + (verdict === "conditional" ? " asks" : "") }, num(order)); }

function smallPin(order, verdict) {
  var node = pinNode(order, verdict);
  node.classList.add("small");
  return node;
}

function buildPins() {
  pins.forEach(function (pin) { map.removeLayer(pin); });
  pins = [];
  if (!data.plan) { return; }
  data.plan.sites.at.forEach(function (at, k) {
    if (!at) { return; }
    var node = pinNode(data.plan.sites.order[k], data.plan.sites.verdict[k]);
    node.classList.toggle("chosen", data.plan.sites.position[k] === state.position);
    var pin = L.marker(at, { icon: L.divIcon({ html: node, className: "", iconSize: [28, 28], iconAnchor: [14, 14] }), keyboard: false, title: data.plan.sites.id[k] });
    pin.on("click", function (event) { L.DomEvent.stop(event); chooseParcel(data.plan.sites.position[k], false); });
    pins.push(pin.addTo(map));
  });
}

function extent() {
  var box = [Infinity, Infinity, -Infinity, -Infinity];
  P.boxes.forEach(function (b) {
    if (b) { box = [Math.min(box[0], b[0]), Math.min(box[1], b[1]), Math.max(box[2], b[2]), Math.max(box[3], b[3])]; }
  });
  return box[0] === Infinity ? null : L.latLngBounds(map.unproject(L.point(box[0], box[3]), P.zoom), map.unproject(L.point(box[2], box[1]), P.zoom));
}

function showAll() { map.fitBounds(handles.communes.getBounds(), { padding: [12, 12], animate: false }); }

// Where parcels can first be told apart: the chosen sites, or the best parcel, or the middle of them all.
function goCloser() {
  var first = data.plan && data.plan.sites.at[0], box = extent();
  var centre = first || box && box.getCenter() || map.getCenter();
  map.setView(centre, Math.max(FROM_ZOOM + 2, Math.ceil(map.getZoom())), { animate: !still() });
}

function buildMap() {
  var pane = map.createPane("marks");
  pane.style.zIndex = 440;
  pane.style.pointerEvents = "none";
  map.createPane("names").style.zIndex = 590;
  handles.communes.eachLayer(function (layer) {
    var i = layer.feature.properties.i;
    outlines[i] = layer;
    var path = layer.getElement && layer.getElement();
    if (path) { path.setAttribute("tabindex", "-1"); }
    layer.on("click", function (event) { L.DomEvent.stop(event); clicked(event.latlng, i); });
  });
  data.communes.label.forEach(function (at, i) {
    if (!at) { return; }
    var label = L.tooltip({ pane: "names", permanent: true, direction: "center", className: "place", interactive: false, opacity: 1 });
    label.setLatLng(at).setContent(make("span", null, data.communes.name[i])).addTo(map);
    labels.push(label);
  });
  tiles.addTo(map);
  L.control.scale({ imperial: false, maxWidth: 140 }).addTo(map);
  map.on("click", function (event) { clicked(event.latlng, -1); });
  map.on("zoomend", paintCommunes);
  map.on("moveend resize", thin);
}

// Names that would lie on top of another are left out.
function thin() {
  apart(labels.map(function (label) { return { node: label.getElement(), stays: false }; }));
}

function clicked(latlng, commune) {
  if (!parcelsShown()) { chooseCommune(commune, commune >= 0); return; }
  var asked = panelAsked;
  parcelUnder(latlng).then(function (position) {
    if (asked !== panelAsked) { return; }
    if (position >= 0) { chooseParcel(position, false); } else { chooseCommune(commune, false); }
  });
}
