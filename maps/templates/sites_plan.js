// The plan: build order, proof in words, before and after, and what other budgets would do.
function plannedChildren() { var t = data.plan.sites.children_total; return t.length ? t[t.length - 1] : 0; }

function plannedCost() { var t = data.plan.sites.cost_total; return t.length ? t[t.length - 1] : 0; }

// Rounded upwards: a gap may look larger than it is, never smaller.
function proofText() {
  var plan = data.plan, key = "o_" + plan.objective + (plan.objective === "cover" && data.by_need ? "_need" : plan.objective === "cover_all" ? "_" + plan.unit : "");
  var which = plan.objective === "cover_all" ? w("best_any") : plan.budget !== null ? w("best_budget", { b: money(plan.budget) }) : plan.count !== null ? counted("best_count", plan.count) : w("best_any");
  if (plan.proven) { return w("proven", { which: which, better: w(has(key) ? key : "o_cover") }); }
  if (plan.gap === null) { return w("no_bound"); }
  return w("within", { gap: num(Math.ceil(plan.gap * 1000 - 1e-9) / 10, 1), s: num(plan.seconds) });
}

// A plan's own measure, where it is not simply the children of the headline.
function aimText() {
  var plan = data.plan, key = "v_" + plan.objective, value = plan.value, said = { sites: function () { return counted("n_sites", value); }, VND: function () { return money(value); } };
  if (data.by_need && has(key + "_need")) { key += "_need"; }
  if (plan.objective === "cover" || value === null || !has(key)) { return ""; }
  said.m = function () { return num(value) + " m"; };
  said.share = function () { return perCent(value, 1) + " %"; };
  said.children = function () { return num(value); };
  return said[plan.unit] ? w(key, { v: said[plan.unit](), beyond: plan.beyond === null ? w("unknown_value") : num(plan.beyond) + " m" }) + (data.by_need && plan.unit === "m" ? " " + w("v_need") : "") : "";
}

function rulesText() {
  var plan = data.plan, told = [];
  if (plan.spacing) { told.push(w("r_spacing", { m: num(plan.spacing) + " m" })); }
  if (plan.per_commune) { told.push(counted("r_min", plan.per_commune)); }
  if (plan.fixed.length) { told.push(w("r_fixed", { ids: plan.fixed.join(", ") })); }
  if (plan.forbidden.length) { told.push(w("r_forbidden", { ids: plan.forbidden.join(", ") })); }
  if (!plan.conditional) { told.push(w("r_eligible")); }
  return told.length ? w("plan_rules", { rules: told.join("; ") }) : "";
}

function fromTables(tables) { return make("p", { class: "note" }, w("from_tables", { tables: tables, run: data.study.run_id })); }

function shortTime(seconds) { return seconds !== null && seconds < 0.1 ? "< " + num(0.1, 1) : num(seconds, 1); }

function planWords() {
  var plan = data.plan, n = plan.sites.id.length;
  if (!n) { return make("p", { class: "reason" }, w("plan_empty")); }
  var open = plan.sites.only_open.filter(Boolean).length, asks = plan.sites.verdict.filter(function (v) { return v !== "eligible"; }).length - open;
  return make("div", null,
    make("p", { class: "headline" }, counted(data.by_need ? "plan_need" : "plan_head", n, { children: people(plannedChildren()), cost: money(plannedCost()) })),
    aimText() ? make("p", null, aimText()) : null,
    plan.verified === false ? make("p", { class: "proof wrong", role: "alert" }, w("not_verified")) : null,
    make("p", { class: "proof" + (plan.proven && plan.verified !== false ? "" : " open") }, proofText() + (plan.verified ? " " + w("verified") : "")),
    asks ? make("p", null, counted("plan_ask", asks, { c: num(asks) })) : null,
    open ? make("p", null, counted("plan_open", open, { c: num(open) }) + openLayers()) : null);
}

function parcelButton(id, position) {
  var button = make("button", { type: "button", class: "link" }, id);
  button.addEventListener("click", function () { chooseParcel(position, true); });
  return button;
}

function buildList(which) {
  var list = make("ul", { class: "build" }), sites = data.plan.sites;
  which.forEach(function (k) {
    list.appendChild(make("li", null, smallPin(sites.order[k], sites.verdict[k]), parcelButton(sites.id[k], sites.position[k]), make("span", null, "+" + counted("n_young", sites.children_gained[k]))));
  });
  return list;
}

function communeOf(id) { var i = data.communes.id.indexOf(id); return i < 0 ? w("outside") : data.communes.name[i]; }

function orderTable() {
  var sites = data.plan.sites;
  return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": w("order") }, tableOf(
    [w("order"), w("s_parcel"), w("c_name"), w("s_verdict"), w(data.by_need ? "s_gained_need" : "s_gained"), w("s_total"), w("s_cost"), w("s_cost_total")],
    sites.id.map(function (id, k) {
      return [smallPin(sites.order[k], sites.verdict[k]), parcelButton(id, sites.position[k]), communeOf(sites.commune[k]), verdictTag(sites.verdict[k]),
        num(sites.children_gained[k]), num(sites.children_total[k]), inMillions(sites.cost[k]), inMillions(sites.cost_total[k])];
    })));
}

function pair(before, after, write) {
  function say(v) { return v === null ? "–" : write(v); }
  return before === after ? say(before) : say(before) + " → " + say(after);
}

function changeTable() {
  var change = changed();
  if (!change) { return null; }
  var rows = data.communes.id.map(function (id, i) { return i; }).filter(function (i) { return change.children_uncovered_before[i] !== null; });
  if (!rows.length) { return make("p", null, w("ch_unknown")); }
  rows.sort(function (a, b) { return (change.children_uncovered_before[b] - change.children_uncovered_after[b]) - (change.children_uncovered_before[a] - change.children_uncovered_after[a]) || change.children_uncovered_before[b] - change.children_uncovered_before[a] || a - b; });
  var ground = rows.some(function (i) { return change.shortfall_m2_before[i] !== null; });
  return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": w("change") }, tableOf(
    [w("c_name"), w("ch_children"), w("ch_before"), w("ch_after"), w("ch_share")].concat(ground ? [w("ch_short")] : [], [w("ch_status")]),
    rows.map(function (i) {
      var bar = make("span", { class: "bar2", "aria-hidden": "true" }), after = make("i", null), before = make("i", null);
      after.style.width = 100 * (change.covered_share_after[i] || 0) + "%";
      before.style.width = 100 * (change.covered_share_before[i] || 0) + "%";
      bar.appendChild(after);
      bar.appendChild(before);
      var states = [change.before[i], change.after[i]].map(function (k) { return tag(data.statuses[k]); });
      return [data.communes.name[i], people(change.children[i]), people(change.children_uncovered_before[i]), people(change.children_uncovered_after[i]),
        make("span", null, pair(change.covered_share_before[i], change.covered_share_after[i], perCent), bar)].concat(
        ground ? [pair(change.shortfall_m2_before[i], change.shortfall_m2_after[i], num)] : [],
        [change.before[i] === change.after[i] ? states[0] : make("span", null, states[0], " → ", states[1])]);
    })));
}

// Where an axis is marked, and what the marks say: as many decimals as tell them apart.
function ticks(most, least) {
  var raw = Math.max(most / 4, least || 0), power = Math.pow(10, Math.floor(Math.log10(raw))), step = [1, 2, 5, 10].filter(function (s) { return s * power >= raw * 0.9999; })[0] * power, out = [];
  for (var v = 0; v <= most * 1.0001; v += step) { out.push([v, num(v, Math.max(0, -Math.floor(Math.log10(step * 1.0001))))]); }
  return out;
}

// Effect against money: the plans found as steps with dots, what is not ruled out above them as a band.
function curvePicture() {
  var c = data.plan.curve;
  if (!c.budget || c.budget.length < 2) { return null; }
  var wide = 640, high = 300, left = 64, low = 46, top = 14, right = 16, million = data.plan.budget !== null;
  var xs = c.budget.map(function (b) { return million ? b / 1e6 : b; }), mostX = Math.max.apply(null, xs), mostY = Math.max.apply(null, c.value.concat(c.bound).filter(function (v) { return v !== null; })) * 1.05 || 1;
  function x(v) { return left + v / mostX * (wide - left - right); }
  function y(v) { return high - low - v / mostY * (high - low - top); }
  function text(at, words, anchor) { var node = svg("text", { x: at[0], y: at[1], "text-anchor": anchor }); node.textContent = words; return node; }
  var box = svg("svg", { viewBox: "0 0 " + wide + " " + high, class: "curve", role: "img", "aria-label": w(million ? "curve" : "curve_sites") });
  ticks(mostY).forEach(function (t) { box.appendChild(svg("line", { x1: left, x2: wide - right, y1: y(t[0]), y2: y(t[0]), stroke: "#e1ddd3" })); box.appendChild(text([left - 6, y(t[0]) + 4], t[1], "end")); });
  ticks(mostX, million ? 0 : 1).forEach(function (t) { box.appendChild(svg("line", { x1: x(t[0]), x2: x(t[0]), y1: high - low, y2: high - low + 5, stroke: "#555" })); box.appendChild(text([x(t[0]), high - low + 19], t[1], "middle")); });
  var over = xs.map(function (v, k) { return x(v) + "," + y(c.bound[k] === null ? c.value[k] : c.bound[k]); });
  var under = xs.map(function (v, k) { return x(v) + "," + y(c.value[k]); });
  box.appendChild(svg("polygon", { points: over.concat(under.slice().reverse()).join(" "), fill: "#f2a552", "fill-opacity": 0.45, stroke: "#a34d05", "stroke-width": 0.5 }));
  box.appendChild(svg("polyline", { points: under.join(" "), fill: "none", stroke: "#0b4f86", "stroke-width": 2 }));
  xs.forEach(function (v, k) { box.appendChild(svg("circle", { cx: x(v), cy: y(c.value[k]), r: 3.5, fill: "#0b4f86" })); });
  var here = million ? data.plan.budget / 1e6 : data.plan.count, marks = data.plan.unit === "children" && here !== null && here <= mostX && data.plan.value !== null;
  if (marks) {
    box.appendChild(svg("circle", { cx: x(here), cy: y(data.plan.value), r: 7, fill: "none", stroke: "#c2185b", "stroke-width": 3 }));
  }
  box.appendChild(text([(left + wide) / 2, high - 8], w(million ? "curve_x" : "curve_x_sites"), "middle"));
  box.appendChild(text([left + 4, top + 4], w(data.by_need ? "curve_y_need" : "curve_y"), "start"));
  var keys = make("ul", { class: "counts" }, make("li", null, swatch("#0b4f86"), make("span", null, w("curve_line"))),
    c.bound.some(function (b, k) { return b !== null && b > c.value[k] * (1 + 1e-6); }) ? make("li", null, swatch("#f8d2a5"), make("span", null, w("curve_band"))) : null,
    marks ? make("li", null, swatch("#c2185b"), make("span", null, w("curve_here"))) : null);
  return make("div", null, make("h3", null, w(million ? "curve" : "curve_sites")), box, keys, fromTables("budget_curve"));
}

function buildPlan() {
  var area = byId("plan-area");
  if (!data.plan) { replace(area, make("h2", null, w("plan")), make("p", null, w("no_plan"))); return; }
  var plan = data.plan, change = changeTable();
  replace(area, make("h2", null, w("plan")), planWords(), plan.sites.id.length ? orderTable() : null,
    make("p", { class: "note" }, [rulesText(), counted("plan_from", plan.candidates, { solver: plan.solver || "–", s: shortTime(plan.seconds), seed: num(plan.seed) })].filter(Boolean).join(" ")), fromTables("sites, sites.xlsx"),
    make("div", { class: "half" }, change ? make("div", { id: "change" }, make("h3", null, w("change")), change, fromTables("plan_gaps")) : null, curvePicture()));
}
