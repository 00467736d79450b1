// The side panel: the parcel that was chosen, a commune, or the summary.
function numeric(cell) { return typeof cell === "string" && /^[\d+−–]/.test(cell) || typeof cell === "object" && cell.tagName === "SPAN" && !cell.className && cell.firstChild && numeric(cell.firstChild.nodeValue || 0); }

function tableOf(heads, rows) {
  var head = make("tr", null), body = make("tbody", null), right = heads.map(function (h, k) { return k > 0 && rows.length > 0 && numeric(rows[0][k]); });
  heads.forEach(function (h, k) { head.appendChild(make("th", { scope: "col", class: right[k] ? "number" : "text" }, h)); });
  rows.forEach(function (cells) {
    var line = make("tr", null);
    cells.forEach(function (c, k) { line.appendChild(make(k ? "td" : "th", { scope: k ? null : "row", class: right[k] ? "number" : null }, c)); });
    body.appendChild(line);
  });
  return make("table", { class: "mini" }, make("thead", null, head), body);
}

// Whole numbers that add up to one total, so that facts, bands and communes say the same.
function wholes(values, total) {
  if (values.some(function (v) { return v === null; })) { return values; }
  var out = values.map(function (v) { return Math.floor(v + 1e-9); }), sum = values.reduce(function (a, b) { return a + b; }, 0);
  var rest = (total !== null && Math.abs(total - sum) < 1.5 ? total : Math.round(sum)) - out.reduce(function (a, b) { return a + b; }, 0);
  values.map(function (v, k) { return [v - out[k], k]; }).sort(function (a, b) { return b[0] - a[0] || a[1] - b[1]; }).slice(0, Math.max(rest, 0)).forEach(function (each) { out[each[1]] += 1; });
  return out;
}

// Sums over a key; what is not known of one part is not known of the sum.
function summed(keys, values) {
  var out = new Map();
  keys.forEach(function (key, k) {
    var before = out.has(key) ? out.get(key) : 0;
    out.set(key, before === null || values[k] === null || values[k] === undefined ? null : before + values[k]);
  });
  return out;
}

function changesBlock(p) {
  var box = make("div", { id: "changes" }, make("h3", null, w("changes"))), bands = p.list("effect_band");
  var reached = p.list("effect_children_reached"), gained = p.list("effect_children_gained"), relieved = p.list("effect_shortfall_relieved_m2"), homes = p.list("effect_commune");
  if (p.number("score") === null && !bands.length) { return null; }
  if (data.by_need) { box.appendChild(make("p", { class: "note" }, w("changes_need"))); }
  if (!bands.length) { box.appendChild(make("p", null, w("changes_none"))); return box; }
  var measured = relieved.some(function (v) { return v !== null; });
  function lines(keys, say) {
    var names = Array.from(summed(keys, reached).keys());
    var asked = [[reached, "children_reached"]].concat(data.by_need ? [] : [[gained, "children_gained"]], measured ? [[relieved, "shortfall_relieved_m2"]] : []);
    var columns = asked.map(function (c) { return wholes(Array.from(summed(keys, c[0]).values()), p.number(c[1])); });
    return names.map(function (key, k) { return [say(key)].concat(columns.map(function (c) { return num(c[k]); })); });
  }
  var heads = [w("c_reached")].concat(data.by_need ? [] : [w("c_gained")], measured ? [w("c_relieved")] : []);
  box.appendChild(tableOf([w("c_band")].concat(heads), lines(bands, function (k) { return bandName(D.bands[k]); })));
  var pick = homes.map(function (h, k) { return D.bands[bands[k]] === "all" ? -2 : h === null ? -1 : h; });
  box.appendChild(tableOf([w("c_name")].concat(heads), lines(pick, communeName)));
  return box;
}

function landText(p) {
  var use = p.text("land_use"), letter = p.text("land_class");
  return use ? letter ? w("p_land_class", { code: use, letter: letter }) : use : w("not_given");
}

// The outline of a parcel stays where the filter hides the parcel: say so.
var panelParcel = null;
function tellHidden() {
  var note = byId("hidden-told"), p = panelParcel;
  if (note) { note.hidden = passes(p.block.verdict[p.i], p.block.score[p.i]); }
}

function area(value) { return value === null ? w("unknown_value") : num(value) + " m²"; }

function parcelPanel(p) {
  var verdict = P.verdicts[p.block.verdict[p.i]], rows = ledgerRows(p), facts = make("dl", null);
  var box = make("div", null, backButton(), make("h2", null, w("parcel", { id: p.id })),
    make("p", { class: "verdict" }, verdictMark(verdict), make("strong", null, verdictWords(p, rows, verdict))), make("p", { class: "note", id: "hidden-told", hidden: true, role: "status" }, w("hidden_told")), adviceBlock(p, rows, verdict));
  var near = nearBlock(rows), built = data.plan ? data.plan.sites.position.indexOf(p.position) : -1;
  if (near) { box.appendChild(near); }
  if (built >= 0) { box.appendChild(make("p", { class: "verdict" }, smallPin(data.plan.sites.order[built], verdict), make("strong", null, w("in_plan", { k: num(data.plan.sites.order[built]) })))); }
  row(facts, w("p_commune"), communeName(p.block.commune[p.i]));
  row(facts, w("p_land"), landText(p));
  row(facts, w("p_owner"), p.text("owner") || w("not_given"));
  row(facts, w("p_area"), area(p.number("area_m2")));
  row(facts, w("p_usable"), area(p.number("usable_m2")));
  row(facts, w("p_circle"), p.number("circle_m") === null ? w("unknown_value") : num(p.number("circle_m"), 1) + " m");
  row(facts, w("p_cost"), money(p.number("cost")));
  if (verdict !== "excluded") {
    row(facts, w("p_reached"), num(p.number("children_reached")));
    if (!data.by_need) { row(facts, w("p_gained"), num(p.number("children_gained"))); }
    if (p.number("shortfall_relieved_m2") !== null) { row(facts, w("p_relieved"), area(p.number("shortfall_relieved_m2"))); }
  }
  box.appendChild(facts);
  var reason = p.text("reason_" + state.language);
  if (reason && data.plan && built < 0 && verdict !== "excluded") { box.appendChild(make("div", null, make("h3", null, w("why_not")), make("p", { class: "reason" }, [reason, planNote(p)].join(" ").trim()))); }
  [scoreBlock(p), changesBlock(p), ranksBlock(p), rows.length ? make("h3", null, w("ledger")) : null, ledgerBlock(rows),
    make("p", { class: "note" }, w("from_tables", { tables: "parcels, screening, contributions, effects, why_not", run: data.study.run_id }))].forEach(function (block) { if (block) { box.appendChild(block); } });
  return box;
}

function backButton() {
  var button = make("button", { type: "button", class: "back" }, "‹ " + w("close"));
  button.addEventListener("click", function () { chooseCommune(-1, false); byId("panel").focus(); });
  return button;
}

function communePanel(i) {
  var box = make("div", null, backButton(), make("h2", null, data.communes.name[i])), change = changed(), list = make("dl", null);
  box.appendChild(make("p", { class: "verdict" }, swatch(statusFill(statusAt(i))), make("strong", null, (change ? w("when_" + state.when) + ": " : "") + w("s_" + statusAt(i)))));
  row(list, w("n_children"), people(data.communes.children[i]));
  row(list, w("n_uncovered"), people(data.communes.uncovered[i]));
  if (change) { row(list, w("n_uncovered_after"), people(change.children_uncovered_after[i])); }
  box.appendChild(list);
  if (data.plan) {
    var mine = data.plan.sites.id.map(function (id, k) { return k; }).filter(function (k) { return data.plan.sites.commune[k] === data.communes.id[i]; });
    if (mine.length) { box.appendChild(buildList(mine)); }
  }
  return box;
}

function openLayers() { return data.open_layers.length ? " " + w("no_layers", { layers: data.open_layers.map(layerName).join(", ") }) : ""; }

function summaryPanel() {
  var box = make("div", null, make("h2", null, w("summary"))), counts = make("ul", { class: "counts" });
  if (data.plan) { box.appendChild(planWords()); } else { box.appendChild(make("p", { class: "reason" }, w("no_plan"))); }
  box.appendChild(make("h3", null, w("summary_counts")));
  P.verdicts.forEach(function (name, k) { counts.appendChild(make("li", null, verdictMark(name), make("span", null, w("vl_" + name)), make("b", null, num(P.verdict_counts[k])))); });
  box.appendChild(counts);
  if (data.only_open) { box.appendChild(make("p", { class: "note" }, counted("only_open", data.only_open) + openLayers())); }
  if (data.plan && data.plan.sites.id.length) { box.appendChild(make("h3", null, w("order"))); box.appendChild(buildList(data.plan.sites.id.map(function (id, k) { return k; }))); }
  box.appendChild(make("p", { class: "hint" }, w("details_hint")));
  return box;
}

var panelAsked = 0;
function buildPanel() {
  var asked = panelAsked += 1;
  if (state.position < 0) {
    drawMarked(null);
    byId("panel").removeAttribute("data-parcel");
    replace(byId("panel"), state.commune >= 0 ? communePanel(state.commune) : summaryPanel());
    return Promise.resolve();
  }
  if (typeof DecompressionStream === "undefined") {
    replace(byId("panel"), make("div", null, backButton(), make("p", { class: "reason" }, w("old_browser") + ".")));
    return Promise.resolve();
  }
  return parcelAt(state.position).then(function (p) {
    if (asked !== panelAsked) { return; }
    drawMarked(p);
    var held = byId("panel").contains(document.activeElement);
    panelParcel = p;
    replace(byId("panel"), parcelPanel(p));
    tellHidden();
    if (held) { byId("panel").focus({ preventScroll: true }); }
    byId("panel").scrollTop = 0;
    byId("panel").setAttribute("data-parcel", p.id);
  });
}
