// The table of corners: X north and Y east as papers list them, typed one by one or pasted.
var REACH = 400000;
// What a text may mean: points and commas stand for decimals or thousands.
function readings(text) {
  var t = String(text).replace(/[\s\u00a0\u202f]/g, "").replace(/\u2212/g, "-"), out = [];
  function add(plain) { var v = Number(plain); if (plain !== "" && isFinite(v) && out.indexOf(v) < 0) out.push(v); }
  if (!/^-?\d[\d.,]*$/.test(t)) return out;
  var dots = t.split(".").length - 1, commas = t.split(",").length - 1;
  if (dots && commas) add(t.lastIndexOf(".") > t.lastIndexOf(",") ? t.replace(/,/g, "") : t.replace(/\./g, "").replace(",", "."));
  else if (dots > 1 || commas > 1) add(t.replace(/[.,]/g, ""));
  else { add(t.replace(",", ".")); if (dots || commas) add(t.replace(/[.,]/g, "")); }
  return out;
}
function centre(zone) {
  var b = communes.map(function (c) { return c.box; })[0];
  return rezoned(own, zone, (b[0] + b[2]) / 2 + x0, (b[1] + b[3]) / 2 + y0);
}
// Of two texts the north and the east, whichever way round they came: the two differ by more than a thousand kilometres.
function pair(first, second, zone) {
  var c = centre(zone), best = null;
  readings(first).forEach(function (a) {
    readings(second).forEach(function (b) {
      [[a, b, false], [b, a, true]].forEach(function (t) {
        var far = Math.hypot(t[0] - c[1], t[1] - c[0]);
        if (far < REACH && (!best || far < best.far)) best = { north: t[0], east: t[1], swapped: t[2], far: far };
      });
    });
  });
  return best;
}
function placed(found, zone, texts) {
  var there = rezoned(zone, own, found.east, found.north);
  var typed = found.swapped ? { x: texts[1], y: texts[0] } : { x: texts[0], y: texts[1] };
  return { x: there[0] - x0, y: there[1] - y0, typed: { x: typed.x.trim(), y: typed.y.trim(), epsg: zone.epsg, north: found.north, east: found.east } };
}
function readTable(text) {
  var zone = zoneOf(state.zone), corners = [], skipped = 0, swapped = 0;
  text.split(/\r?\n/).forEach(function (line) {
    if (!line.trim()) return;
    var clean = line.replace(/[XYNE]\s*(\(m\))?\s*[=:]/gi, " "), cells = /[\t;|]/.test(clean) ? clean.split(/[\t;|]/) : clean.trim().split(/\s+/), best = null;
    cells = cells.map(function (t) { return t.trim(); }).filter(Boolean);
    for (var i = 0; i + 1 < cells.length; i++) {
      var a = cells[i].replace(/,$/, ""), b = cells[i + 1].replace(/,$/, ""), found = pair(a, b, zone);
      if (found && (!best || found.far < best[0].far)) best = [found, [a, b]];
    }
    if (!best && (cells = clean.match(/\d+(?:\.\d+)?/g) || []).length > 1) { // 1740000.5,560000.2
      for (i = 0; i + 1 < cells.length; i++) {
        found = pair(cells[i], cells[i + 1], zone);
        if (found && (!best || found.far < best[0].far)) best = [found, [cells[i], cells[i + 1]]];
      }
    }
    if (!best) { if (/\d{5}/.test(line)) skipped++; return; }
    if (best[0].swapped) swapped++;
    corners.push(placed(best[0], zone, best[1]));
  });
  var n = corners.length, a = corners[0], z = corners[n - 1];
  if (n > 3 && Math.hypot(a.x - z.x, a.y - z.y) < 0.0005) corners.pop();
  return { corners: corners, skipped: skipped, swapped: swapped };
}
function pasted() {
  var found = readTable($("paste").value), told = [];
  if (found.corners.length < 3) { say("pasted", W("paste_few", { n: found.corners.length }), true); return; }
  remember();
  state.corners = found.corners;
  told.push(W("paste_read", { n: found.corners.length }));
  if (found.swapped) told.push(W("swapped"));
  if (found.skipped) told.push(W("skipped", { n: found.skipped }));
  say("pasted", told.join(" "), Boolean(found.skipped));
  changed("");
  showBox(boxOf(ring()), 2.5);
}
// Another zone in which the land would lie inside, while in the chosen one it does not.
function elsewhere() {
  var c = state.corners;
  if (c.length < 3 || !c.every(function (each) { return each.typed; }) || insideShare(ring()) > 0.05) return null;
  for (var i = 0; i < study.zones.length; i++) {
    var zone = study.zones[i];
    if (zone.epsg === state.zone) continue;
    var moved = c.map(function (each) { var t = rezoned(zone, own, each.typed.east, each.typed.north); return [t[0] - x0, t[1] - y0]; });
    if (insideShare(moved) > 0.5) return zone;
  }
  return null;
}
function intoZone(epsg) {
  var zone = zoneOf(epsg), typed = state.corners.length && state.corners.every(function (each) { return each.typed && each.typed.epsg === state.zone; });
  if (typed) remember();
  state.zone = zone.epsg;
  if (typed) { // the figures stay as they were typed: the land moves
    state.corners = state.corners.map(function (each) {
      var t = rezoned(zone, own, each.typed.east, each.typed.north);
      return { x: t[0] - x0, y: t[1] - y0, typed: { x: each.typed.x, y: each.typed.y, epsg: zone.epsg, north: each.typed.north, east: each.typed.east } };
    });
  }
  changed("");
  if (state.corners.length > 2) showBox(boxOf(ring()), 2.5);
}
function typedRow(i, row) {
  var texts = [row[0].value, row[1].value], zone = zoneOf(state.zone);
  if (!texts[0].trim() || !texts[1].trim()) { if (state.corners[i]) table(); missed(); return; } // what is a corner still is shown
  var found = pair(texts[0], texts[1], zone);
  row.forEach(function (input) { input.setAttribute("aria-invalid", String(!found)); });
  if (!found) { say("zone-said", W("not_read", { n: i + 1, came: texts.join(" ; ") }), true); missed(); return; }
  remember();
  var made = placed(found, zone, texts);
  if (i > state.corners.length) row.forEach(function (input) { input.value = ""; }); // it moves up to the first free row
  if (i < state.corners.length) state.corners[i] = made; else state.corners.push(made);
  changed(found.swapped ? W("swapped") : W("moved", { n: i + 1 }));
}
// Lines that say something else than the land: what cannot be read, and what is no corner yet.
function unread() {
  return [].slice.call($("corners").tBodies[0].rows).map(function (row, i) {
    var inputs = row.querySelectorAll("input"), texts = [inputs[0].value.trim(), inputs[1].value.trim()];
    var bad = inputs[0].getAttribute("aria-invalid") === "true" || (!state.corners[i] && (texts[0] || texts[1]));
    return bad ? ["x-" + i, W("not_read", { n: i + 1, came: texts.join(" ; ") })] : null;
  }).filter(Boolean);
}
var wanted = 0;
function table() {
  var body = $("corners").tBodies[0], n = Math.max(state.corners.length, wanted, 3), land = ring();
  while (body.rows.length > n) body.deleteRow(-1);
  while (body.rows.length < n) newRow(body, body.rows.length);
  for (var i = 0; i < n; i++) {
    var row = body.rows[i], corner = state.corners[i], texts = corner ? shownCorner(corner) : ["", ""], next = land[(i + 1) % land.length];
    [1, 2].forEach(function (k) {
      var input = row.cells[k].firstChild;
      input.setAttribute("aria-label", W(k === 1 ? "x_of" : "y_of", { n: i + 1 }));
      if (corner || row.getAttribute("data-full")) { input.value = texts[k - 1]; input.setAttribute("aria-invalid", "false"); }
    });
    row.cells[3].textContent = corner && land.length > 1 ? number(Math.hypot(next[0] - land[i][0], next[1] - land[i][1]), 2) + " m" : "";
    row.cells[4].firstChild.setAttribute("aria-label", W("remove_n", { n: i + 1 }));
    row.cells[4].firstChild.disabled = !corner;
    if (corner) row.setAttribute("data-full", "1"); else row.removeAttribute("data-full");
  }
}
function newRow(body, i) {
  var row = body.insertRow(-1), head = element("th", String(i + 1)), inputs = [];
  head.scope = "row";
  row.appendChild(head);
  ["x", "y"].forEach(function (key) {
    var cell = row.insertCell(-1), input = document.createElement("input");
    input.id = key + "-" + i;
    input.inputMode = "decimal";
    input.autocomplete = "off";
    input.maxLength = 30;
    input.addEventListener("change", function () { typedRow(i, inputs); });
    inputs.push(cell.appendChild(input));
  });
  row.insertCell(-1).className = "edge";
  var gone = row.insertCell(-1).appendChild(element("button", "×"));
  gone.type = "button";
  gone.addEventListener("click", function () { removeCorner(i); });
}
