// The map: own communes clear, all else grey, play areas, and listed parcels when one looks closely.
"use strict";
(function () {
  var start = Propose.start, words = start.words;
  var box = Propose.by("map");
  if (!box) { return; }
  var CLOSE = 15, STEP = 0.01;
  box.hidden = false;
  Propose.by("still").hidden = true;
  Propose.by("key").hidden = Propose.by("typed").hidden = Propose.by("tools").hidden = false;
  var map = Propose.map = L.map(box, { attributionControl: false, zoomSnap: 0.5, maxZoom: 20, doubleClickZoom: false, keyboardPanDelta: 24, zoomControl: false });
  var there = start.language === "vi" ? ["Phóng to", "Thu nhỏ"] : ["Closer", "Farther"];
  L.control.zoom({ zoomInTitle: there[0], zoomOutTitle: there[1] }).addTo(map);
  ["ground", "mask", "parcels", "land", "dots"].forEach(function (name, k) { map.createPane(name).style.zIndex = 402 + 10 * k; });
  L.control.scale({ imperial: false, maxWidth: 140 }).addTo(map);
  map.setView([15.8, 108.3], 10);
  map.on("zoomend", function () { box.classList.toggle("pp-far", map.getZoom() < 12 || map.getZoom() > 15); });
  var cross = document.createElement("span");
  cross.className = "pp-cross";
  cross.setAttribute("aria-hidden", "true");
  box.appendChild(cross);
  var own = null, fine = L.canvas({ pane: "parcels" }), shown = L.layerGroup().addTo(map), last = "";

  function label(text) {
    var span = document.createElement("span");
    span.textContent = text;
    return span;
  }

  fetch(start.ground).then(function (answer) { return answer.json(); }).then(function (ground) {
    var whole = L.latLngBounds([]), outer = [[-90, -180], [-90, 180], [90, 180], [90, -180]], holes = [];
    L.geoJSON(ground.communes, {
      interactive: false, style: { color: "#55524b", weight: 1, fillColor: "#fff", fillOpacity: 0.6 },
      onEachFeature: function (each, layer) {
        whole.extend(layer.getBounds());
        layer.bindTooltip(label(each.properties.name), { permanent: true, direction: "center", className: "pp-name", opacity: 1 });
      }
    }).addTo(map);
    if (ground.own.features.length) {
      own = ground.own.features.map(function (each) { return each.geometry; });
      whole = L.geoJSON(ground.own, { interactive: false, style: { color: "#0a4d7d", weight: 3, fill: false } }).addTo(map).getBounds();
      own.forEach(function (shape) {
        (shape.type === "Polygon" ? [shape.coordinates] : shape.coordinates).forEach(function (rings) {
          holes.push(rings[0].map(function (pair) { return [pair[1], pair[0]]; }));
        });
      });
      L.polygon([outer].concat(holes), { pane: "mask", interactive: false, stroke: false, fillColor: "#6b675e", fillOpacity: 0.62 }).addTo(map);
    }
    var dots = L.canvas({ pane: "dots" });
    ground.play_areas.forEach(function (each) {
      L.circleMarker([each[1], each[0]], { renderer: dots, radius: 5, color: "#fff", weight: 1.5, fillColor: "#0b5345", fillOpacity: 1, interactive: false }).addTo(map);
    });
    if (!Propose.fitted && whole.isValid()) { map.fitBounds(whole, { animate: false }); }
    box.dataset.ready = "1";
    return fetch(start.layers);
  }).then(function (answer) { return answer.ok ? answer.json() : null; }).then(function (found) {
    if (found) { ground(found); }
    box.dataset.layers = "1";
  }).catch(function () { box.dataset.layers = "1"; });

  // Ways, water and homes, by which people find their place. Positions are hundred-thousandths of a degree (propose_layers.py).
  function ground(found) {
    var paint = L.canvas({ pane: "ground", padding: 0.4 });
    function at(pair) { return [pair[1] / 1e5, pair[0] / 1e5]; }
    L.polyline(found.water.map(function (line) { return line.map(at); }), { renderer: paint, interactive: false, color: "#4f8fb5", weight: 2 }).addTo(map);
    found.homes.forEach(function (each) {
      L.circle(at(each), { renderer: paint, interactive: false, radius: found.cell_m * 0.45, stroke: false, fillColor: "#b0793a", fillOpacity: 0.12 + 0.05 * each[2] }).addTo(map);
    });
    L.polyline(found.ways.map(function (w) { return [at(w), at([w[0] + w[2], w[1] + w[3]])]; }), { renderer: paint, interactive: false, color: "#8a8478", weight: 2 }).addTo(map);
  }

  // Whether a place may be proposed: inside the own communes, or anywhere for who has all.
  Propose.inside = function (lat, lng) {
    return !own || own.some(function (shape) {
      return (shape.type === "Polygon" ? [shape.coordinates] : shape.coordinates).some(function (rings) {
        return within(rings[0], lng, lat) && !rings.slice(1).some(function (ring) { return within(ring, lng, lat); });
      });
    });
  };

  function within(ring, x, y) {
    var found = false;
    for (var i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      var a = ring[i], b = ring[j];
      if ((a[1] > y) !== (b[1] > y) && x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0]) { found = !found; }
    }
    return found;
  }

  function parcels() {
    if (!start.parcels || map.getZoom() < CLOSE) { return; }
    var b = map.getBounds(), down = function (v) { return Math.floor(v / STEP) * STEP; }, up = function (v) { return Math.ceil(v / STEP) * STEP; };
    var asked = [down(b.getWest()), down(b.getSouth()), up(b.getEast()), up(b.getNorth())].map(function (v) { return v.toFixed(2); }).join(",");
    if (asked === last) { return; }
    last = asked;
    fetch(start.parcels + "?box=" + asked).then(function (answer) { return answer.ok ? answer.json() : []; }).then(function (found) {
      if (asked !== last) { return; }
      shown.clearLayers();
      found.forEach(function (each) {
        var rings = each.rings.map(function (ring) { return ring.map(function (pair) { return [pair[1], pair[0]]; }); });
        L.polygon(rings, {
          renderer: fine, interactive: false, weight: 1, color: each.verdict === "excluded" ? "#a39e93" : "#5c7f9a",
          fillColor: each.verdict === "excluded" ? "#d8d4ca" : "#cfe0ec", fillOpacity: 0.35
        }).addTo(shown);
      });
    }).catch(function () { last = ""; });
  }
  map.on("moveend", parcels);

  var usable = L.layerGroup().addTo(map), paint = L.svg({ pane: "land" });
  Propose.showUsable = function (shape, verdict) {
    usable.clearLayers();
    if (!shape || verdict === "excluded") { return; }
    L.geoJSON(shape, { renderer: paint, interactive: false, style: { renderer: paint, color: "#0b3c63", weight: 1, fillColor: "#6aaad2", fillOpacity: 0.7 } }).addTo(usable);
  };
  Propose.landPaint = paint;
})();
