// The map: communes by status, barriers, play areas, what the changes put there, and the cells of the answer.
"use strict";
(function () {
  var start = WhatIf.start;
  var colours = start.colours;
  var box = WhatIf.by("map");
  box.hidden = false;
  WhatIf.by("still").hidden = true;
  var map = WhatIf.map = L.map(box, { attributionControl: false, zoomSnap: 0.5, maxZoom: 19, doubleClickZoom: false });
  ["cells", "drawn", "dots"].forEach(function (name, k) { map.createPane(name).style.zIndex = 410 + 20 * k; });
  var cells = L.layerGroup().addTo(map);
  var drawn = L.layerGroup().addTo(map);
  var paint = L.canvas({ pane: "cells", padding: 0.3 });
  var lines = L.svg({ pane: "drawn" });
  L.control.scale({ imperial: false, maxWidth: 140 }).addTo(map);
  map.on("zoomend", function () { box.classList.toggle("wi-far", map.getZoom() < 12); });
  map.setView([15.8, 108.3], 10);
  var fitted = false, grid = null, shown = null;
  WhatIf.sites = {};

  fetch(start.ground).then(function (answer) { return answer.json(); }).then(function (ground) {
    var whole = L.latLngBounds([]), places = {};
    L.geoJSON(ground.communes, {
      interactive: false,
      style: function (each) {
        return { color: "#2b2b2b", weight: 1, fillColor: "url(#p-" + each.properties.status + ")", fillOpacity: 0.4 };
      },
      onEachFeature: function (each, layer) {
        places[each.properties.id] = layer.getBounds();
        whole.extend(layer.getBounds());
        layer.bindTooltip(text(each.properties.name), { permanent: true, direction: "center", className: "wi-name", opacity: 1 });
      }
    }).addTo(map);
    L.geoJSON(ground.barriers, { interactive: false, style: { color: colours.barrier, weight: 1.5, fillOpacity: 0.45 } }).addTo(map);
    var dots = L.canvas({ pane: "dots", tolerance: 8 });
    ground.play_areas.forEach(function (site) {
      var name = site.name || site.play_area_id;
      var dot = L.circleMarker([site.lat, site.lon], {
        renderer: dots, bubblingMouseEvents: true, radius: site.counts ? 6 : 4, color: "#fff", weight: 1.5,
        fillColor: site.counts ? colours.site : colours.other, fillOpacity: 1
      }).addTo(map);
      var size = site.area_m2 === null ? start.words.unknown : WhatIf.number(site.area_m2) + " m²";
      dot.bindTooltip(text(name + ": " + size + " – " + start.words[site.counts ? "open_area" : "other_area"]));
      if (!site.counts) { return; }
      WhatIf.names[site.play_area_id] = name;
      WhatIf.sites[site.play_area_id] = site;
      dot.on("click", function (event) { if (WhatIf.siteTouched(site)) { L.DomEvent.stopPropagation(event); } });
    });
    function show(id) {
      var bounds = places[id] || whole;
      if (bounds.isValid()) { map.fitBounds(bounds, { animate: false }); }
    }
    if (!fitted) { show(start.commune); }
    WhatIf.by("commune").addEventListener("change", function () { show(this.value); });
    grid = ground.grid;
    WhatIf.drawList();
    WhatIf.drawChanges();
    WhatIf.drawCells(shown);
  });

  function text(words) {
    var span = document.createElement("span");
    span.textContent = words;
    return span;
  }

  function handle(at, kind, name, moved, touched) {
    var size = kind === "wi-corner" ? 20 : 22;
    var pin = L.marker(at, {
      icon: L.divIcon({ className: kind, iconSize: [size, size] }), draggable: Boolean(moved), keyboard: Boolean(touched),
      title: name, alt: name, bubblingMouseEvents: false
    });
    if (moved) {
      pin.on("dragstart", function () { map.closePopup(); });
      pin.on("dragend", function () { moved(pin.getLatLng()); });
    }
    if (touched) { pin.on("click", touched); }
    return pin;
  }
  WhatIf.handle = handle;

  function round(point) { return [Number(point.lng.toFixed(6)), Number(point.lat.toFixed(6))]; }
  WhatIf.round = round;
  function flip(pair) { return [pair[1], pair[0]]; }

  // What the list has drawn: points that can be dragged, outlines whose corners can, crossings.
  WhatIf.drawChanges = function () {
    drawn.clearLayers();
    WhatIf.changes.forEach(function (change) {
      var shape = change.geometry;
      if (change.action === "close" || change.action === "enlarge") {
        var site = WhatIf.sites[change.play_area_id];
        if (site) {
          L.circleMarker([site.lat, site.lon], {
            renderer: lines, interactive: false, radius: 12, weight: 4, fill: false,
            color: change.action === "close" ? "#b00020" : colours.site, dashArray: change.action === "close" ? "4 4" : null
          }).addTo(drawn);
        }
      }
      if (!shape) { return; }
      if (shape.type === "Point") {
        handle(flip(shape.coordinates), "wi-place", WhatIf.describe(change), function (to) {
          shape.coordinates = round(to);
          WhatIf.changed();
        }).addTo(drawn);
      } else if (shape.type === "LineString") {
        L.polyline(shape.coordinates.map(flip), { renderer: lines, interactive: false, color: "#fff", weight: 9 }).addTo(drawn);
        L.polyline(shape.coordinates.map(flip), { renderer: lines, interactive: false, color: "#8a2f00", weight: 5 }).addTo(drawn);
        corners(shape.coordinates, false);
      } else {
        L.geoJSON(shape, { renderer: lines, interactive: false, style: { renderer: lines, color: colours.site, weight: 3, fillOpacity: 0.35 } }).addTo(drawn);
        if (shape.type === "Polygon" && shape.coordinates[0].length <= 40) { corners(shape.coordinates[0], true); }
      }
    });
  };

  function corners(pairs, closed) {
    pairs.slice(0, closed ? -1 : undefined).forEach(function (pair, k) {
      handle(flip(pair), "wi-corner", WhatIf.say("corner", { n: k + 1 }), function (to) {
        pairs[k] = round(to);
        if (closed && k === 0) { pairs[pairs.length - 1] = pairs[0].slice(); }
        WhatIf.changed();
      }).addTo(drawn);
    });
  }

  // As what_if_picture.classes.
  function kind(found, i) {
    if (found.covered_before[i] === false && found.covered_after[i] === true) { return "new"; }
    if (found.covered_before[i] === true && found.covered_after[i] === false) { return "lost"; }
    return found.new_m[i] === null && found.straight_m[i] !== null ? "claimed" : "reached";
  }

  // A place of the study's grid: what_if_picture.grid.
  function place(x, y) {
    var u = (x - grid.x) / grid.unit, v = (y - grid.y) / grid.unit, at = [0, 0], n = 0;
    for (var i = 0; i < 4; i += 1) {
      for (var j = 0; j < 4 - i; j += 1, n += 1) {
        at[0] += grid.lat[n] * Math.pow(u, i) * Math.pow(v, j);
        at[1] += grid.lon[n] * Math.pow(u, i) * Math.pow(v, j);
      }
    }
    return at;
  }

  // Cells are squares of that grid, their lower left corner in their id. Circles: the walking limit as the crow flies.
  WhatIf.drawCells = function (answer) {
    shown = answer;
    cells.clearLayers();
    WhatIf.by("legend").hidden = !answer;
    if (!answer || !grid) { return; }
    var found = answer.cells, side = found.cell_m, bounds = null;
    found.cell_id.forEach(function (id, i) {
      var at = /N(-?\d+)E(-?\d+)$/.exec(id), x = at[2] * side, y = at[1] * side, name = kind(found, i);
      var square = [place(x, y), place(x + side, y + side)];
      L.rectangle(square, {
        renderer: paint, interactive: false, fillColor: colours[name], fillOpacity: 0.9,
        color: name === "new" ? "#06304f" : "#fff", weight: name === "new" ? 2.5 : 0.7
      }).addTo(cells);
      bounds = bounds ? bounds.extend(square) : L.latLngBounds(square);
    });
    answer.places.forEach(function (place) {
      if (!place.limit_m) { return; }
      L.circle([place.lat, place.lon], {
        renderer: lines, interactive: false, radius: place.limit_m, color: "#111", weight: 2, dashArray: "8 6", fill: false
      }).addTo(cells);
      var near = L.latLng(place.lat, place.lon).toBounds(2 * place.limit_m);
      bounds = bounds ? bounds.extend(near) : near;
    });
    if (!bounds) { return; }
    // Move only where the answer cannot be seen: outside the map, or too small on it.
    var size = map.latLngToContainerPoint(bounds.getNorthEast()).x - map.latLngToContainerPoint(bounds.getSouthWest()).x;
    if (!map.getBounds().contains(bounds) || size < map.getSize().x / 3) {
      map.fitBounds(bounds, { padding: [20, 20], maxZoom: Math.max(map.getZoom(), 15), animate: false });
    }
    fitted = true;
  };
})();
