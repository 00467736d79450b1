// Drawing: corners put by touch, mouse, keyboard or typing; each can be moved and taken away, and every step undone.
"use strict";
(function () {
  var map = Propose.map, start = Propose.start, words = start.words;
  if (!map) { return; }
  var hint = Propose.by("hint"), list = Propose.by("corners"), MOST = 60;
  var points = [], closed = false, past = [], fixed = false;
  var drawn = L.layerGroup().addTo(map), markers = [], line = null, shape = null;

  function tell(key, values) { hint.textContent = Propose.say(key, values || {});
    hint.classList.toggle("pp-wrong", ["outside", "few", "crosses", "unread"].indexOf(key) >= 0); }
  function round(at) { return { lat: Number(at.lat.toFixed(7)), lng: Number(at.lng.toFixed(7)) }; }
  function remember() { past.push({ points: points.slice(), closed: closed }); if (past.length > 100) { past.shift(); } }

  function refused(at) {
    if (Propose.inside(at.lat, at.lng)) { return false; }
    tell("outside");
    return true;
  }

  function crossing() {
    function side(a, b, c) { return Math.sign((b.lng - a.lng) * (c.lat - a.lat) - (b.lat - a.lat) * (c.lng - a.lng)); }
    var n = points.length;
    for (var i = 0; i < n; i += 1) {
      for (var j = i + 2; j < n; j += 1) {
        if (i === 0 && j === n - 1) { continue; }
        var a = points[i], b = points[(i + 1) % n], c = points[j], d = points[(j + 1) % n];
        if (side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0) { return true; }
      }
    }
    return false;
  }

  // Square metres, near enough to see whether it is a garden or a field.
  function area() {
    var k = Math.cos(points[0].lat * Math.PI / 180) * 111320, sum = 0;
    points.forEach(function (p, i) {
      var q = points[(i + 1) % points.length];
      sum += (p.lng - points[0].lng) * k * (q.lat - points[0].lat) * 110600 - (q.lng - points[0].lng) * k * (p.lat - points[0].lat) * 110600;
    });
    return Math.abs(sum / 2);
  }

  // The hidden field says what is drawn; everything else follows from it.
  function write() {
    var ring = points.map(function (p) { return [p.lng, p.lat]; });
    var good = points.length > 2 && !crossing();
    Propose.field("geometry").value = good ? JSON.stringify({ type: "Polygon", coordinates: [ring.concat([ring[0]])] }) : "";
    if (Propose.field("source").value !== "drawn") { Propose.field("source").value = "drawn"; Propose.field("parcel_id").value = ""; }
    Propose.field("epsg").value = "";
    Propose.by("details").hidden = points.length < 3;
    Propose.changed("land");
  }

  function status() {
    Propose.by("done").disabled = closed || points.length < 3;
    Propose.by("undo").disabled = !past.length;
    Propose.by("clear").disabled = !points.length && !fixed;
    if (fixed) { tell("hint_fixed"); return; }
    if (points.length > 2 && crossing()) { tell("crosses"); return; }
    if (!points.length) { tell("hint_start"); if (matchMedia("(hover: hover)").matches) { hint.textContent += " " + words.hint_keys; } return; }
    tell(closed ? "hint_done" : "hint_more", { n: points.length });
    if (points.length > 2) { hint.textContent += " " + Propose.say("area", { m2: Propose.number(area()) }) + "."; }
  }

  function sketch() {
    if (line) { line.remove(); }
    var style = { renderer: Propose.landPaint, interactive: false, color: "#8a2f00", weight: 3, fillColor: "#f3d9a8", fillOpacity: 0.55, dashArray: closed ? null : "6 6" };
    line = points.length > 2 ? L.polygon(points, style) : L.polyline(points, style);
    line.addTo(drawn);
    if (line.bringToBack) { line.bringToBack(); }
  }

  function move(k, at, done) {
    points[k] = round(at);
    markers[k].setLatLng(points[k]);
    sketch();
    if (done) { list.children[k].querySelector("input").value = text(points[k]); write(); status(); }
  }

  function text(p) { return p.lat.toFixed(6) + ", " + p.lng.toFixed(6); }

  function marker(p, k) {
    var pin = L.marker(p, { icon: L.divIcon({ className: "pp-pin", iconSize: [34, 34] }), draggable: true, keyboard: true, bubblingMouseEvents: false });
    pin.on("dragstart", remember);
    pin.on("drag", function () { points[k] = round(pin.getLatLng()); sketch(); });
    pin.on("dragend", function () {
      if (refused(pin.getLatLng())) { var back = past.pop(); points = back.points; pin.setLatLng(points[k]); sketch(); return; }
      move(k, pin.getLatLng(), true);
    });
    pin.on("click", function () { if (k === 0 && points.length > 2 && !closed) { finish(); } });
    pin.addTo(drawn);
    var own = pin.getElement();
    own.setAttribute("aria-label", Propose.say("corner_keys", { n: k + 1 }));
    own.appendChild(document.createTextNode(k + 1));
    own.addEventListener("keydown", function (event) { keys(event, k); });
    return pin;
  }

  var ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  function keys(event, k) {
    if (ARROWS[event.key]) {
      var far = event.shiftKey ? 20 : 4, by = ARROWS[event.key];
      var at = map.unproject(map.project(points[k]).add([by[0] * far, by[1] * far]));
      event.preventDefault(); event.stopPropagation();
      if (!refused(at)) { remember(); move(k, at, true); }
    } else if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault(); event.stopPropagation();
      take(k);
    }
  }

  function rebuild() {
    drawn.clearLayers();
    line = null;
    sketch();
    markers = points.map(marker);
    list.textContent = "";
    points.forEach(function (p, k) {
      var item = document.createElement("li"), input = document.createElement("input"), button = document.createElement("button");
      input.value = text(p);
      input.setAttribute("aria-label", Propose.say("corner", { n: k + 1 }));
      input.autocomplete = "off";
      input.addEventListener("change", function () {
        var at = read(input.value);
        if (!at || refused(at)) { if (!at) { tell("unread", { text: input.value }); } input.value = text(points[k]); return; }
        remember();
        move(k, at, true);
      });
      button.type = "button";
      button.className = "pale";
      button.textContent = words.remove;
      button.setAttribute("aria-label", Propose.say("remove_corner", { n: k + 1 }));
      button.addEventListener("click", function () { take(k); });
      item.appendChild(input);
      item.appendChild(button);
      list.appendChild(item);
    });
    Propose.by("map").classList.toggle("pp-drawing", !closed && !fixed);
    status();
  }

  function put(at) {
    if (closed || fixed || points.length >= MOST || refused(at)) { return false; }
    remember();
    points = points.concat([round(at)]);
    rebuild();
    write();
    return true;
  }

  function take(k) {
    remember();
    points = points.slice(0, k).concat(points.slice(k + 1));
    if (points.length < 3) { closed = false; }
    rebuild();
    write();
    Propose.by("map").focus();
  }

  function finish() {
    if (points.length < 3) { tell("few"); return; }
    remember();
    closed = true;
    rebuild();
  }

  // "15.8, 108.43", "15,8; 108,43" or the other way round: in Việt Nam a longitude is always above 90.
  function read(text_) {
    var parts = /;/.test(text_) ? text_.split(";") : /\s/.test(text_.trim().replace(/,\s+/, ";")) ? text_.trim().split(/\s+/) : text_.trim().replace(/,\s+/, ";").split(/;|,(?=\d{2,3}\.)/);
    var found = parts.map(function (each) { return /^\s*\d{1,3}([.,]\d+)?,?\s*$/.test(each) ? parseFloat(each.trim().replace(/,$/, "").replace(",", ".")) : NaN; });
    if (found.length !== 2 || isNaN(found[0]) || isNaN(found[1])) { return null; }
    if (found[0] > 90) { found.reverse(); }
    return found[0] <= 90 && found[1] <= 180 ? { lat: found[0], lng: found[1] } : null;
  }

  // Land that is there already: a parcel, or a draft that is opened again, which may have none.
  Propose.open = function (text_, quiet) {
    var found = null;
    try { found = JSON.parse(text_ || "null"); } catch (error) { return; }
    points = []; closed = false; fixed = false; past = [];
    if (shape) { shape.remove(); shape = null; }
    if (!found) { rebuild(); return; }
    if (found.type === "Polygon" && found.coordinates.length === 1 && found.coordinates[0].length <= MOST) {
      points = found.coordinates[0].slice(0, -1).map(function (pair) { return { lat: pair[1], lng: pair[0] }; });
      closed = true;
    } else {
      fixed = true;
      shape = L.geoJSON(found, { interactive: false, style: { color: "#8a2f00", weight: 3, fillColor: "#f3d9a8", fillOpacity: 0.55 } }).addTo(map);
    }
    Propose.fitted = true;
    map.fitBounds(fixed ? shape.getBounds() : L.latLngBounds(points), { padding: [60, 60], maxZoom: 18, animate: false });
    Propose.by("details").hidden = false;
    rebuild();
    if (!quiet) { Propose.changed("land"); }
  };

  map.on("click", function (event) { put(event.latlng); });
  Propose.by("map").addEventListener("keydown", function (event) {
    if (event.target !== this) { return; }
    if (event.key === "Enter") { event.preventDefault(); put(map.getCenter()); }
    if (event.key === "Backspace" || event.key === "Delete") { event.preventDefault(); undo(); }
  });
  function undo() {
    var back = past.pop();
    if (!back) { return; }
    points = back.points; closed = back.closed;
    rebuild();
    write();
  }
  Propose.by("done").addEventListener("click", finish);
  Propose.by("undo").addEventListener("click", undo);
  Propose.by("clear").addEventListener("click", function () {
    remember();
    if (shape) { shape.remove(); shape = null; }
    points = []; closed = false; fixed = false;
    rebuild();
    write();
    Propose.by("map").focus();
  });
  Propose.by("put").addEventListener("click", function () {
    var input = Propose.by("add"), at = read(input.value);
    if (!at) { tell("unread", { text: input.value }); return; }
    if (put(at)) { input.value = ""; map.panTo(at, { animate: false }); }
    input.focus();
  });
  if (Propose.field("geometry").value) { Propose.open(Propose.field("geometry").value, true); } else { rebuild(); }
})();
