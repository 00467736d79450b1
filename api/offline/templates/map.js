// The map: what the study knows on a canvas, the land that is being drawn as SVG above it.
var view = { x: 0, y: 0, k: 1 }, past = [], NS = "http://www.w3.org/2000/svg", byKeys = false, chosenCorner = -1;
var paths = {};
function pathOf(ringsList, open) {
  var path = new Path2D();
  ringsList.forEach(function (line) {
    line.forEach(function (p, i) { if (i) path.lineTo(p[0], p[1]); else path.moveTo(p[0], p[1]); });
    if (!open) path.closePath();
  });
  return path;
}
function flat(lists) { return [].concat.apply([], lists); }
function prepare() {
  var b = study.box, far = 1e6;
  paths.roads = pathOf(study.roads.map(unpack), true);
  paths.neighbours = pathOf(flat(study.neighbours.map(function (n) { return n.lines.map(unpack); })));
  paths.barriers = pathOf(study.barriers.areas.map(unpack));
  paths.bars = pathOf(study.barriers.lines.map(unpack), true);
  paths.own = pathOf(flat(communes.map(function (c) { return c.rings; })));
  paths.mask = pathOf([[[b[0] - far, b[1] - far], [b[2] + far, b[1] - far], [b[2] + far, b[3] + far], [b[0] - far, b[3] + far]]]
    .concat(flat(communes.map(function (c) { return c.rings; }))));
  ["e", "c", "x"].forEach(function (v) {
    paths[v] = pathOf(flat(parcels.filter(function (p) { return p.verdict === v; }).map(function (p) { return p.rings; })));
  });
  paths.cells = !study.cells ? [] : study.cells.at.map(function (text) {
    var s = study.cells.size;
    return pathOf(unpack(text).map(function (p) { return [p, [p[0] + s, p[1]], [p[0] + s, p[1] + s], [p[0], p[1] + s]]; }));
  });
}
function size() { return [$("map").clientWidth, $("map").clientHeight]; }
function toScreen(p) { var s = size(); return [s[0] / 2 + (p[0] - view.x) * view.k, s[1] / 2 - (p[1] - view.y) * view.k]; }
function toGround(p) { var s = size(); return [view.x + (p[0] - s[0] / 2) / view.k, view.y - (p[1] - s[1] / 2) / view.k]; }
function showBox(box, spare) {
  var s = size(), w = Math.max(box[2] - box[0], 20), h = Math.max(box[3] - box[1], 20);
  view.x = (box[0] + box[2]) / 2;
  view.y = (box[1] + box[3]) / 2;
  view.k = Math.min(s[0] / w, s[1] / h) / (spare || 1.1);
  redraw();
}
function zoom(times, at) {
  var s = size(), spot = at || [s[0] / 2, s[1] / 2], fixed = toGround(spot);
  view.k = Math.min(Math.max(view.k * times, 0.002), 40);
  var moved = toGround(spot);
  view.x += fixed[0] - moved[0];
  view.y += fixed[1] - moved[1];
  redraw();
}
var waiting = false;
function redraw() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(function () { waiting = false; paint(); over(); });
}
function paint() {
  var s = size(), canvas = $("ground"), ratio = window.devicePixelRatio || 1, c = canvas.getContext("2d"), k = view.k;
  if (canvas.width !== Math.round(s[0] * ratio) || canvas.height !== Math.round(s[1] * ratio)) {
    canvas.width = Math.round(s[0] * ratio);
    canvas.height = Math.round(s[1] * ratio);
  }
  c.setTransform(1, 0, 0, 1, 0, 0);
  c.fillStyle = "#e9e6dc";
  c.fillRect(0, 0, canvas.width, canvas.height);
  c.setTransform(k * ratio, 0, 0, -k * ratio, (s[0] / 2 - view.x * k) * ratio, (s[1] / 2 + view.y * k) * ratio);
  c.lineJoin = "round";
  c.fillStyle = "#ffffff";
  c.fill(paths.own, "evenodd");
  ["#e3dcf0", "#b9acd8", "#8670b8"].forEach(function (colour, i) { if (paths.cells[i]) { c.fillStyle = colour; c.fill(paths.cells[i]); } });
  c.fillStyle = "#a9cbe0";
  c.fill(paths.barriers, "evenodd");
  c.strokeStyle = "#5b8fb0";
  c.lineWidth = 3 / k;
  c.stroke(paths.bars);
  [["x", "rgba(207,203,192,.75)", "#77736a", [1, 3]], ["c", "rgba(242,165,82,.38)", "#6b3000", [5, 3]], ["e", "rgba(106,170,210,.7)", "#0b3c63", []]].forEach(function (v) {
    c.fillStyle = v[1];
    c.fill(paths[v[0]], "evenodd");
    if (k > 0.15) {
      c.strokeStyle = v[2];
      c.lineWidth = (k > 0.6 ? 1 : 0.5) / k;
      c.setLineDash(v[3].map(function (d) { return d / k; }));
      c.stroke(paths[v[0]]);
    }
  });
  c.setLineDash([]);
  c.strokeStyle = "#8d867a";
  c.lineWidth = Math.max(1.2 / k, Math.min(2.2 / k, 4));
  c.stroke(paths.roads);
  c.fillStyle = "rgba(90,86,78,.38)";
  c.fill(paths.mask, "evenodd");
  c.strokeStyle = "#6b675e";
  c.lineWidth = 1 / k;
  c.stroke(paths.neighbours);
  c.strokeStyle = "#1d1d1b";
  c.lineWidth = 2.5 / k;
  c.stroke(paths.own);
  c.setTransform(ratio, 0, 0, ratio, 0, 0);
  c.font = "12px sans-serif";
  c.textAlign = "center";
  var taken = [];
  function label(text, p, dy, colour) { // a name is left out where it would lie on another
    var half = c.measureText(text).width / 2 + 2, box = [p[0] - half, p[1] + dy - 12, p[0] + half, p[1] + dy + 4];
    if (p[0] < 0 || p[1] < 0 || p[0] > s[0] || p[1] > s[1] || taken.some(function (other) { return meet(other, box); })) return;
    taken.push(box);
    c.fillStyle = colour;
    c.strokeStyle = "rgba(255,255,255,.8)";
    c.lineWidth = 3;
    c.strokeText(text, p[0], p[1] + dy);
    c.fillText(text, p[0], p[1] + dy);
  }
  var small = k < 0.12 && play.length > 40;
  play.forEach(function (each) {
    var p = toScreen(each.at);
    c.fillStyle = "#0b5345";
    c.strokeStyle = "#fff";
    c.lineWidth = small ? 1 : 2;
    c.beginPath();
    c.arc(p[0], p[1], small ? 3 : 6, 0, 7);
    c.fill();
    c.stroke();
  });
  study.neighbours.forEach(function (n) {
    if (!n.spot) n.spot = middle(n.lines.map(unpack));
    label(n.name, toScreen(n.spot), 4, "#3d3a34");
  });
  if (k > 0.1) play.forEach(function (each) { if (each.name) label(each.name, toScreen(each.at), -10, "#0b5345"); });
  scale();
}
function middle(rings) {
  var best = rings.reduce(function (a, b) { return Math.abs(signed(b)) > Math.abs(signed(a)) ? b : a; });
  return best.reduce(function (sum, p) { return [sum[0] + p[0] / best.length, sum[1] + p[1] / best.length]; }, [0, 0]);
}
function scale() {
  var m = 100 / view.k, power = Math.pow(10, Math.floor(Math.log(m) / Math.LN10)), nice = [5, 2, 1].filter(function (n) { return n * power <= m; })[0] * power;
  $("scale").style.width = Math.round(nice * view.k) + "px";
  $("scale").firstChild.textContent = nice >= 1000 ? number(nice / 1000) + " km" : number(nice) + " m";
}
function svg(name, attributes, className) {
  var made = document.createElementNS(NS, name);
  for (var key in attributes) made.setAttribute(key, attributes[key]);
  made.setAttribute("class", className);
  $("over").appendChild(made);
  return made;
}
// The land with its corners; between two corners lies a smaller handle that makes a new one.
function over() {
  var node = $("over"), at = state.corners.map(function (c) { return toScreen([c.x, c.y]); });
  while (node.firstChild) node.removeChild(node.firstChild);
  if (at.length > 1) svg(at.length > 2 ? "polygon" : "polyline", { points: at.map(function (p) { return p.join(","); }).join(" ") }, crossing(ring()) ? "land bad" : "land");
  if (at.length > 2) at.forEach(function (p, i) {
    var q = at[(i + 1) % at.length];
    if (Math.abs(p[0] - q[0]) + Math.abs(p[1] - q[1]) > 50) svg("circle", { cx: (p[0] + q[0]) / 2, cy: (p[1] + q[1]) / 2, r: 6, "data-half": i }, "half");
  });
  at.forEach(function (p, i) {
    svg("circle", { cx: p[0], cy: p[1], r: i === chosenCorner ? 10 : 8 }, "handle");
    svg("circle", { cx: p[0], cy: p[1], r: 20, "data-corner": i }, "near");
    svg("text", { x: p[0] + 11, y: p[1] - 9 }, "").textContent = i + 1;
  });
  if (byKeys) {
    var s = size();
    svg("path", { d: "M" + (s[0] / 2 - 14) + " " + s[1] / 2 + "h28M" + s[0] / 2 + " " + (s[1] / 2 - 14) + "v28" }, "cross");
  }
}
function remember() {
  past.push(JSON.stringify([state.corners, state.zone]));
  if (past.length > 200) past.shift();
}
function undo() {
  if (!past.length) return;
  var back = JSON.parse(past.pop());
  state.corners = back[0];
  $("zone").value = state.zone = back[1]; // in which their figures were typed
  changed(W("undone"));
}
function round(v) { return Math.round(v * 1000) / 1000; }
function addCorner(p, at) {
  remember();
  state.corners.splice(at === undefined ? state.corners.length : at, 0, { x: round(p[0]), y: round(p[1]), typed: null });
  changed(W("added", { n: state.corners.length }));
}
function removeCorner(i) {
  if (i < 0 || i >= state.corners.length) return;
  remember();
  wanted = 0;
  state.corners.splice(i, 1);
  changed(W("removed", { n: i + 1 }));
}
function pointers() {
  var down = {}, drag = null, begun = null, moved = false, map = $("map");
  function spot(e) { var box = map.getBoundingClientRect(); return [e.clientX - box.left - map.clientLeft, e.clientY - box.top - map.clientTop]; }
  function ids() { return Object.keys(down); }
  map.addEventListener("pointerdown", function (e) {
    if (e.button > 0) return;
    byKeys = false;
    try { map.setPointerCapture(e.pointerId); } catch (error) { /* it has been lifted already */ }
    down[e.pointerId] = spot(e);
    if (ids().length > 1) { dropped(); moved = true; return; }
    begun = spot(e);
    moved = false;
    drag = e.target.getAttribute && (e.target.getAttribute("data-corner") || e.target.getAttribute("data-half")) ? e.target : null;
  });
  map.addEventListener("pointermove", function (e) {
    var last = down[e.pointerId], now = spot(e), keys = ids();
    if (!last) return;
    if (keys.length === 2) {
      var other = down[keys[0] === String(e.pointerId) ? keys[1] : keys[0]];
      var before = Math.hypot(last[0] - other[0], last[1] - other[1]), after = Math.hypot(now[0] - other[0], now[1] - other[1]);
      view.x -= (now[0] - last[0]) / 2 / view.k;
      view.y += (now[1] - last[1]) / 2 / view.k;
      if (before > 10) zoom(after / before, [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2]);
      down[e.pointerId] = now;
      return;
    }
    if (!moved && Math.hypot(now[0] - begun[0], now[1] - begun[1]) < (e.pointerType === "touch" ? 9 : 4)) return;
    if (!moved && drag) {
      remember();
      if (drag.getAttribute("data-half")) {
        chosenCorner = Number(drag.getAttribute("data-half")) + 1;
        state.corners.splice(chosenCorner, 0, { x: 0, y: 0, typed: null });
      } else chosenCorner = Number(drag.getAttribute("data-corner"));
    }
    moved = true;
    if (drag) {
      var p = toGround(now);
      state.corners[chosenCorner] = { x: round(p[0]), y: round(p[1]), typed: null };
      redraw();
    } else {
      view.x -= (now[0] - last[0]) / view.k;
      view.y += (now[1] - last[1]) / view.k;
      redraw();
    }
    down[e.pointerId] = now;
  });
  // A corner stays where it was let go, however that came.
  function dropped() {
    var which = drag && moved;
    drag = null;
    if (which) changed(W("moved", { n: chosenCorner + 1 }));
  }
  function up(e) {
    if (!down[e.pointerId]) return;
    var alone = ids().length === 1, at = spot(e);
    delete down[e.pointerId];
    if (e.type === "pointercancel" || !alone) { dropped(); return; }
    if (drag && moved) dropped();
    else if (!moved && drag && drag.getAttribute("data-half")) { var i = Number(drag.getAttribute("data-half")); addCorner(toGround(at), i + 1); }
    else if (!moved && drag) { chosenCorner = Number(drag.getAttribute("data-corner")); say("said", W("chosen", { n: chosenCorner + 1 })); redraw(); }
    else if (!moved) { chosenCorner = -1; addCorner(toGround(at)); }
    drag = null;
  }
  map.addEventListener("pointerup", up);
  map.addEventListener("pointercancel", up);
  map.addEventListener("wheel", function (e) {
    e.preventDefault();
    zoom(e.deltaY < 0 ? 1.25 : 0.8, spot(e));
  }, { passive: false });
  map.addEventListener("keydown", keys);
  map.addEventListener("blur", function () { byKeys = false; redraw(); });
}
function keys(e) {
  var step = (e.shiftKey ? 5 : 40) / view.k, way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[e.key];
  if (e.altKey || e.metaKey || (e.ctrlKey && e.key !== "z")) return;
  if (way) { view.x += way[0] * step; view.y += way[1] * step; redraw(); }
  else if (e.key === "+" || e.key === "=") zoom(1.5);
  else if (e.key === "-" || e.key === "_") zoom(1 / 1.5);
  else if (e.key === "Enter" || e.key === " ") addCorner([view.x, view.y]);
  else if (e.key === "Backspace" || e.key === "Delete") removeCorner(chosenCorner >= 0 ? chosenCorner : state.corners.length - 1);
  else if (e.ctrlKey && e.key === "z") undo();
  else if (e.key === "Escape") { chosenCorner = -1; }
  else if (e.key !== "Tab" && e.key !== "Shift") return;
  if (e.key !== "Tab") { byKeys = true; e.preventDefault(); redraw(); }
}
