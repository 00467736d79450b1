// The panel of one parcel: verdict, ledger, score, what it would change.
var D = P.dictionaries;
var constraintById = new Map(data.constraints.map(function (c) { return [c.constraint_id, c]; }));
var criterionById = new Map(data.criteria.map(function (c) { return [c.criterion_id, c]; }));

function named(row, fallback) { return row && row["name_" + state.language] || fallback; }

function constraintName(id) {
  if (id === "land_use" || id === "usable_area") { return w(id); }
  return named(constraintById.get(id), id);
}

function withUnit(value, unit, digits) {
  if (value === null) { return w("unknown_value"); }
  return num(value, digits === undefined ? 2 : digits) + (unit && unit !== "1" ? " " + kindWord(unit, "unit_") : "");
}

// A margin that rounds to nothing is not nothing.
function sizeOf(value, unit) {
  var size = Math.abs(value);
  return size < 0.01 ? w("under", { m: withUnit(0.01, unit) }) : withUnit(size, unit, size < 10 ? 2 : size < 100 ? 1 : 0);
}

// Two decimals where they matter: small measures, and those that lie close to their limit.
function valueText(r) {
  var close = r.margin !== null && Math.abs(r.margin) < 10, size = Math.abs(r.value);
  return withUnit(r.value, r.unit, close || size < 10 ? 2 : size < 100 ? 1 : 0);
}

function atLeast(text, low) { return low ? w("at_least_of", { x: text }) : text; }

// Laws stand in the data in English; known ones are told in the language of the reader.
function lawWords(text) { return state.language === "vi" && Object.prototype.hasOwnProperty.call(data.laws, text) ? data.laws[text] : text; }

function lawText(r) { return [r.source, r.article].filter(Boolean).map(lawWords).join(", "); }

function verifiedMark(r) {
  if (r.source === "set by the planner") { return null; }
  return make("em", { class: r.verified ? "good" : "bad" }, w(r.verified ? "is_verified" : "unverified_rule"));
}

// Millions of VND; what is less than a tenth of one is not nothing.
function inMillions(value) {
  return value === null ? w("unknown_value") : value > 0 && value < 5e4 ? w("below", { b: num(0.1, 1) }) : num(value / 1e6, 1);
}

function money(value) { return value === null ? w("unknown_value") : w("million", { m: inMillions(value) }); }

function points(value) { return value === null ? w("unknown_value") : num(value, 2); }

// Neither impossible nor sure where it is only nearly so.
function odds(share) {
  if (share === null) { return w("unknown_value"); }
  return share > 0 && share < 0.005 ? "< " + num(0.5, 1) : share < 1 && share >= 0.995 ? "> " + num(99.5, 1) : num(100 * share, 0);
}

function chance(share) { return share === null ? w("unknown_value") : odds(share) + " %"; }

function row(list, name, text) {
  list.appendChild(make("dt", null, name));
  list.appendChild(make("dd", null, text));
}

function communeName(i) { return i === i && i !== null && i >= 0 ? data.communes.name[i] : w("outside"); }

function mark(p, name, k) {
  var fixed = D.fixed[k][name], code = fixed === undefined ? p.number(name + ":" + k) : fixed;
  return code === null ? "" : D[name][code];
}

function marginOf(p, k) {
  if (D.signs[k] === 0) { return p.number("margin:" + k); }
  var value = p.number("value:" + k), limit = p.number("limit:" + k);
  return value === null || limit === null ? null : D.signs[k] * (value - limit);
}

function weightOf(p, k) { return D.weights[k] === null ? p.number("weight:" + k) || 0 : D.weights[k]; }

// Where the utility is how far the value lies between worst and best, it is not packed.
function utilityOf(p, k) {
  var scale = D.scales[k], value = p.number("measured:" + k);
  if (!scale) { return p.number("utility:" + k); }
  return value === null ? null : Math.max(0, Math.min(1, (value - scale[0]) / (scale[1] - scale[0])));
}

function contributionOf(p, k) {
  var told = p.number("contribution:" + k);
  return told !== null ? told : (utilityOf(p, k) || 0) * weightOf(p, k);
}

function ledgerRows(p) {
  return D.rules.map(function (id, k) {
    return {
      id: id, name: constraintName(id), passed: p.number("passed:" + k), near: p.number("near:" + k) === 1,
      value: p.number("value:" + k), limit: p.number("limit:" + k), margin: marginOf(p, k),
      unit: mark(p, "unit", k), kind: mark(p, "kind", k), source: mark(p, "source", k), article: mark(p, "article", k),
      verified: mark(p, "verified", k) === true, rule: (constraintById.get(id) || {}).rule || (id === "usable_area" ? "min_distance" : "")
    };
  });
}

function verdictMark(name) {
  var box = svg("svg", { width: 24, height: 18, class: "swatch", "aria-hidden": "true" });
  var shades = S[name];
  box.appendChild(svg("rect", { x: 1, y: 1, width: 22, height: 16, fill: name === "excluded" ? "url(#v-excluded)" : name === "conditional" ? "url(#v-conditional)" : shades[Math.floor(shades.length / 2)],
    stroke: name === "eligible" ? "#0b3c63" : name === "conditional" ? "#6b3000" : "#77736a", "stroke-dasharray": name === "conditional" ? "5 3" : name === "excluded" ? "1 3" : "none" }));
  return box;
}

function verdictTag(name) { return make("span", { class: "status" }, verdictMark(name), make("span", null, w("v_" + name))); }

function nearBlock(rows) {
  var list = rows.filter(function (r) { return r.near; });
  if (!list.length) { return null; }
  var items = make("ul", null);
  list.forEach(function (r) {
    items.appendChild(make("li", null, w(r.rule === "min_distance" ? "fails_by" : "fails_over", { name: r.name, m: r.margin === null ? w("unknown_value") : sizeOf(r.margin, r.unit) })));
  });
  return make("div", { class: "near" }, make("b", null, w("near")), items);
}

function ledgerLine(r) {
  var known = r.passed !== null, good = r.passed === 1;
  var head = make("div", { class: "top mark-" + (known ? good ? "passed" : "failed" : "open") },
    make("span", { "aria-hidden": "true" }, known ? good ? "✓" : "✗" : "?"), make("b", null, r.name), make("span", null, w(known ? good ? "passed" : "failed" : "not_checked")));
  var told = [];
  if (r.value !== null) { told.push(w("lg_value") + ": " + valueText(r)); }
  else if (good && r.rule === "min_distance") { told.push(w("not_near")); }
  if (r.limit !== null) { told.push(w("lg_limit") + ": " + limitText(r)); }
  if (r.margin && r.value !== null) { told.push(w("lg_margin") + ": " + (r.margin < 0 ? "−" : "+") + sizeOf(r.margin, r.unit)); }
  if (r.passed === 0 && r.kind === "hard" && r.rule !== "max_value" && r.id !== "land_use" && r.id !== "usable_area") { told.push(w("cut_off")); }
  var law = lawText(r);
  return make("li", null, head, told.length ? make("span", { class: "more" }, told.join(" · ")) : null,
    make("span", { class: "law" }, (r.kind === "soft" ? w("soft") + " · " : "") + law + " ", law ? verifiedMark(r) : null));
}

function ledgerBlock(rows) {
  if (!rows.length) { return null; }
  function worth(r) { return r.passed === 0 ? 0 : r.passed === null ? 1 : 2; }
  var list = make("ul", { class: "ledger" });
  rows.slice().sort(function (a, b) { return worth(a) - worth(b) || (b.value !== null) - (a.value !== null); }).forEach(function (r) { list.appendChild(ledgerLine(r)); });
  var sum = { a: num(rows.filter(function (r) { return r.passed === 1; }).length), b: num(rows.filter(function (r) { return r.passed === 0; }).length), c: num(rows.filter(function (r) { return r.passed === null; }).length) };
  var failed = rows.some(function (r) { return r.passed !== 1; });
  return make("details", { id: "ledger", open: failed }, make("summary", null, w("ledger_sum", sum)), list);
}

// Shares in per cent; scales without a unit as bare numbers.
function measuredText(value, unit) {
  if (value === null) { return ""; }
  if (unit === "share") { return ": " + num(100 * value, 1) + " %"; }
  return ": " + withUnit(value, ["0–1", "4πA/P²"].indexOf(unit) >= 0 ? "" : unit, Math.abs(value) < 10 ? 2 : 0);
}

// Whether something is not known of a parcel, which counts 0 in its score.
function isLow(p) { return p.number("score_high") !== null && p.number("score_high") > p.number("score") + 5e-4; }

function scoreBlock(p) {
  var score = p.number("score"), box = make("div", { id: "score-block" }, make("h3", null, w("score")));
  if (score === null) { box.appendChild(make("p", null, w("no_score"))); return box; }
  var ranked = P.verdict_counts[0] + P.verdict_counts[1];
  var low = isLow(p);
  box.appendChild(make("p", null, make("b", null, w("score_of", { s: atLeast(points(score), low), k: num(p.number("rank")), n: num(ranked) }))));
  if (low) { box.appendChild(make("p", { class: "note" }, w("score_high", { s: points(p.number("score_high")) }))); }
  var stack = make("div", { class: "stack", "aria-hidden": "true" }), list = make("ul", { class: "rows" }), tones = ["#0b4f86", "#d9781c", "#5b8c3a", "#8a5fa8", "#b8860b", "#2a8a86", "#a33b5a", "#6b6b6b"];
  D.criteria.map(function (id, k) {
    return { k: k, row: criterionById.get(id), id: id, value: p.number("measured:" + k), known: utilityOf(p, k) !== null, share: contributionOf(p, k), weight: weightOf(p, k) };
  }).filter(function (c) { return c.weight > 0; }).sort(function (a, b) { return b.share - a.share || b.weight - a.weight; }).forEach(function (c, n) {
    var part = make("i", null), bar = make("span", { class: "track" + (c.known ? "" : " blank"), "aria-hidden": "true" });
    part.style.width = 100 * c.share + "%";
    part.style.background = tones[n % tones.length];
    stack.appendChild(part);
    if (c.known) { var inner = make("i", null); inner.style.width = 100 * c.share / c.weight + "%"; inner.style.background = tones[n % tones.length]; bar.appendChild(inner); }
    list.appendChild(make("li", null,
      make("span", { class: "line" }, make("span", null, named(c.row, c.id) + measuredText(c.value, c.row ? c.row.unit : ""))),
      bar, make("span", { class: "note" }, w(c.known ? "score_part" : "score_unknown", { c: num(c.share, 3), w: num(c.weight, 3) }))));
  });
  box.appendChild(stack);
  box.appendChild(list);
  return box;
}

function ranksBlock(p) {
  if (p.number("rank_first") === null) { return null; }
  var low = isLow(p), box = make("div", null, make("h3", null, w("ranks")), make("p", null, w("ranks_note", {
    first: atLeast(chance(p.number("rank_first")), low), best: atLeast(chance(p.number("in_best")), low), p: num(data.scoring.p), draws: num(data.scoring.draws)
  })));
  if (low) { box.appendChild(make("p", { class: "note" }, w("ranks_low"))); }
  var ranks = p.list("accept_rank"), shares = p.list("accept_share"), list = make("ul", { class: "rows" });
  ranks.forEach(function (rank, k) {
    var bar = make("span", { class: "track", "aria-hidden": "true" }), inner = make("i", null);
    inner.style.width = 100 * shares[k] + "%";
    bar.appendChild(inner);
    list.appendChild(make("li", null, make("span", { class: "line" }, make("span", null, w("rank_row", { k: num(rank) })), make("b", null, chance(shares[k]))), bar));
  });
  if (ranks.length) { box.appendChild(list); }
  return box;
}
