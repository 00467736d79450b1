// What the file can tell without the service. Nothing is guessed: what it does not know is left to the full answer.
function insideShare(land) {
  var area = Math.abs(signed(land)), inside = 0;
  if (!area) return 0;
  communes.forEach(function (c) { if (meet(c.box, boxOf(land))) inside += shared(land, c.rings); });
  return Math.min(inside / area, 1);
}
function communeOf(land) {
  var best = null, most = 0;
  communes.forEach(function (c) {
    var area = shared(land, c.rings);
    if (area > most) { best = c; most = area; }
  });
  return best;
}
var VERDICTS = { e: "v_e", c: "v_c", x: "v_x" };
function told() {
  var land = ring(), out = [], n = land.length;
  if (!n) return [W("no_corner")];
  if (n < 3) return [W("few_corners", { n: n })];
  var bad = crossing(land), area = Math.abs(signed(land)), edges = 0;
  land.forEach(function (p, i) { var q = land[(i + 1) % n]; edges += Math.hypot(p[0] - q[0], p[1] - q[1]); });
  if (bad) return [[W("crosses", { a: bad[0] + 1, b: (bad[0] + 1) % n + 1, c: bad[1] + 1, d: (bad[1] + 1) % n + 1 }), "bad"]];
  out.push(W("area", { m2: number(area, area < 1000 ? 1 : 0), ha: number(area / 10000, 2), m: number(edges, 1), n: n }));
  if (study.least_m2 !== null) out.push(area < study.least_m2 ? [W("too_small", { m2: number(study.least_m2) }), "bad"] : W("large_enough", { m2: number(study.least_m2) }));
  if (study.most_m2 !== null && area > study.most_m2) out.push([W("too_large", { m2: number(study.most_m2) }), "bad"]);
  var share = insideShare(land), home = communeOf(land), border = study.border_m ? " " + W("border", { m: number(study.border_m, study.border_m < 1 ? 2 : 0) }) : "";
  if (share > 0.9995) out.push([W("inside", { name: home.name }), "good"]);
  else if (share < 0.0005) out.push([W("outside", { name: communes.map(function (c) { return c.name; }).join(", ") }), "bad"]);
  else out.push([W(share < 0.95 ? "partly_bad" : "partly", { share: number(100 * share, 1), name: home.name }) + border, share < 0.95 ? "bad" : ""]);
  var box = boxOf(land), on = [];
  parcels.forEach(function (p) {
    if (!meet(p.box, box)) return;
    var part = shared(land, p.rings) / area;
    if (part > 0.005) on.push([part, p]);
  });
  on.sort(function (a, b) { return b[0] - a[0]; });
  on.slice(0, 8).forEach(function (each) {
    var p = each[1];
    out.push([W("on_parcel", { id: p.id, share: number(Math.min(100 * each[0], 100), each[0] < 0.1 ? 1 : 0), verdict: W(VERDICTS[p.verdict]), use: useOf(p.use) }), p.verdict === "x" ? "bad" : ""]);
  });
  if (on.length > 8) out.push(W("more_parcels", { n: on.length - 8 }));
  if (study.parcels && !on.length) out.push(W(study.parcels.all ? "no_parcel" : "no_parcel_drawn"));
  play.forEach(function (each) {
    if (within([land], each.at[0], each.at[1])) out.push([W("on_play", { name: each.name || W("nameless") }), "bad"]);
  });
  return out;
}
function useOf(code) {
  var known = study.land_uses.filter(function (u) { return u[0] === code; })[0];
  return known ? side([known[1], known[2]]) : code || W("no_use");
}
function legend() {
  var node = $("legend"), items = [["k-out", "l_out"]];
  while (node.firstChild) node.removeChild(node.firstChild);
  if (study.roads.length) items.push(["k-road", "l_road"]);
  if (play.length) items.push(["k-play", "l_play"]);
  if (study.barriers.areas.length + study.barriers.lines.length) items.push(["k-bar", "l_bar"]);
  ["e", "c", "x"].forEach(function (v) {
    if (parcels.some(function (p) { return p.verdict === v; })) items.push(["k-" + v, "l_" + v]);
  });
  items.forEach(function (each) { key(node, each[0], W(each[1])); });
  if (study.cells) {
    var limits = study.cells.breaks;
    study.cells.at.forEach(function (text, k) {
      if (!text) return;
      var low = k ? number(limits[k - 1]) : "", high = k < limits.length ? number(limits[k]) : "";
      key(node, "k-" + k, W(!low && !high ? "l_cell" : !low ? "l_cell_low" : !high ? "l_cell_high" : "l_cell_mid", { low: low, high: high, m: number(study.cells.size) }));
    });
  }
}
function key(node, className, text) {
  var item = element("li"), mark = element("i", "", className);
  mark.setAttribute("aria-hidden", "true");
  item.appendChild(mark);
  item.appendChild(document.createTextNode(text));
  node.appendChild(item);
}
// Everything that follows from a change of the land.
function changed(words) {
  if (chosenCorner >= state.corners.length) chosenCorner = -1;
  say("said", words || "");
  list($("told"), told());
  table();
  var other = elsewhere(), node = $("zone-said");
  say("zone-said", "");
  if (other) {
    node.textContent = W("other_zone", { zone: side([other.vi, other.en]) }) + " ";
    var take = element("button", W("take_zone", { zone: side([other.vi, other.en]) }));
    take.type = "button";
    take.addEventListener("click", function () { $("zone").value = other.epsg; intoZone(other.epsg); $("zone").focus(); });
    node.appendChild(take);
  }
  $("undo").disabled = !past.length;
  $("clear").disabled = !state.corners.length;
  $("to-land").disabled = !state.corners.length;
  redraw();
  keep();
}
