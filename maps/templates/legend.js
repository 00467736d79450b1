// The legend says exactly what the map shows now, no more.
function item(mark, text) { return make("li", null, mark, make("span", null, text)); }

function pale(colour) {
  var box = swatch(colour);
  box.firstChild.setAttribute("fill-opacity", data.style.pale);
  return box;
}

function rangeText(breaks, k, show) {
  function say(x) { return show === "share" ? num(100 * x, 2) + " %" : num(x, 3); }
  if (!breaks.length) { return w("from_on", { a: num(0) }); }
  if (k === 0) { return w("below", { b: say(breaks[0]) }); }
  return k === breaks.length ? w("from_on", { a: say(breaks[k - 1]) }) : w("from_to", { a: say(breaks[k - 1]), b: say(breaks[k]) });
}

function anyStatus(name) { return data.gaps[state.band].status.some(function (k) { return data.statuses[k] === name; }); }

function legendItems() {
  var show = state.show, d = limit(), out = [];
  if (show === "status") {
    Object.keys(data.style.status).forEach(function (name) {
      if (anyStatus(name)) { out.push(item(swatch(statusFill(name)), w("s_" + name))); }
    });
    return out;
  }
  if (show === "walk") {
    var values = { d: num(d), d2: num(2 * d) };
    ["near", "far", "very_far", "no_path"].forEach(function (key) { out.push(item(swatch(data.style.walk[key]), w("walk_" + key, values))); });
    out.push(item(pale(data.style.walk.near), w("pale")));
  } else if (show === "circle") {
    var tiered = data.tiered.indexOf(drawnBand()) >= 0;
    out.push(item(swatch(data.style.circle.reached), w(tiered ? "circle_reached_tiers" : "circle_reached", { d: num(d) })));
    out.push(item(swatch(data.style.circle.claimed), w(tiered ? "circle_claimed_tiers" : "circle_claimed", { d: num(d) })));
    out.push(item(swatch(data.style.circle.beyond), w("circle_beyond")));
    out.push(item(pale(data.style.circle.reached), w("pale")));
  } else if (show === "cells") {
    var steps = data.cell_breaks;
    data.style.amount.forEach(function (colour, k) { out.push(item(swatch(colour), rangeText(steps, k, "cells"))); });
  } else {
    var scaled = scale(show);
    if (data.communes.id.some(function (id, i) { return value(COLUMN[show], i) !== null; })) {
      scaled.colours.forEach(function (colour, k) { out.push(item(swatch(colour), rangeText(scaled.breaks, k, show))); });
    }
    if (anyStatus("no_children") && show !== "children") { out.push(item(swatch(statusFill("no_children")), w("s_no_children"))); }
  }
  var blank = show === "walk" || show === "circle" ? data.communes.surveyed.some(function (yes) { return !yes; })
    : show !== "cells" && data.communes.id.some(function (id, i) { return value(COLUMN[show], i) === null && status(i) !== "no_children"; });
  if (blank) { out.push(item(swatch(statusFill("unknown")), w(show === "children" ? "no_value" : "s_unknown"))); }
  return out;
}

function dotMark(counts) {
  var box = svg("svg", { width: 24, height: 18, class: "swatch", "aria-hidden": "true" });
  var style = dotStyle(counts);
  box.appendChild(svg("circle", { cx: 12, cy: 9, r: 6, fill: style.fillColor, stroke: counts ? "#ffffff" : style.color, "stroke-width": 2, "stroke-dasharray": style.dashArray || "none" }));
  return box;
}

function note() {
  var told = [];
  if (state.show === "share") { told.push(w("target", { t: num(100 * data.target) })); }
  if (state.show === "m2" && value("norm_m2_per_child", 0) !== null) { told.push(w("norm_m2", { n: num(value("norm_m2_per_child", 0), 2) })); }
  if ((state.show === "walk" || state.show === "circle") && state.band === "all" && data.bands.length > 2) {
    told.push(w("strictest", { d: num(limit()), band: bandName(drawnBand()) }));
  }
  return told.join(" ");
}

function buildLegend() {
  var title = w({ status: "by_status", share: "by_share", m2: "by_m2", children: "by_children", walk: "by_walk", circle: "by_circle", cells: "by_cell_children" }[state.show]);
  var main = make("ul", null);
  legendItems().forEach(function (each) { main.appendChild(each); });
  var more = make("ul", { class: "more" });
  if (shown.sites && data.sites.counts.some(Boolean)) { more.appendChild(item(dotMark(true), w("l_sites"))); }
  if (shown.others && data.sites.counts.some(function (c) { return !c; })) { more.appendChild(item(dotMark(false), w("l_others"))); }
  if (shown.barriers && handles.barriers) { more.appendChild(item(swatch(data.style.barrier), w("l_barriers"))); }
  var told = note();
  replace(byId("legend"), make("h3", null, title + (state.band === "all" ? "" : " · " + bandName(state.band))), main,
    told ? make("p", { class: "note" }, told) : null, more.firstChild ? more : null);
}
