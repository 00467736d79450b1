// How parcels were judged and scored: every constraint and criterion with what it rests on.
function half(text) {
  var parts = text.split(" · ");
  return parts.length === 2 ? parts[state.language === "vi" ? 0 : 1] : text;
}

function folded(id, title, table, tables) {
  return make("details", { id: id }, make("summary", null, title), make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": title }, table), fromTables(tables));
}

function constraintsTable() {
  return tableOf([w("lg_name"), w("lg_limit"), w("lg_source"), w("lg_verified"), w("lg_checked")], data.constraints.map(function (c) {
    var limit = w(c.rule === "min_distance" ? "at_least" : "at_most", { x: withUnit(c.limit, c.unit) });
    return [named(c, c.constraint_id), make("b", null, limit + (c.kind === "soft" ? " · " + w("soft") : "")), lawText(c), verifiedMark(c), w(c.checked ? "yes" : "not_checked")];
  }));
}

function criteriaTable() {
  return tableOf([w("k_name"), w("k_weight"), w("k_scale"), w("k_reason")], data.criteria.map(function (c) {
    var unit = ["0–1", "4πA/P²", "1", ""].indexOf(c.unit) >= 0 ? "" : " " + kindWord(c.unit, "unit_"), share = c.unit === "share";
    var scale = share ? num(100 * c.worst) + " → " + num(100 * c.best) + " %" : num(c.worst, 2) + " → " + num(c.best, 2) + unit;
    return [named(c, c.criterion_id), c.measured ? num(c.weight, 3) : w("k_not"), make("b", null, scale), half(c.reason)];
  }));
}

function buildMethods() {
  var box = make("div", null);
  if (data.constraints.length) { box.appendChild(folded("how-screened", w("how_screened"), constraintsTable(), "constraints")); }
  if (data.criteria.length) { box.appendChild(folded("how-scored", w("how_scored"), criteriaTable(), "criteria")); }
  byId("about").insertBefore(box, byId("about").children[1] || null);
  if (data.replanned_from) { byId("about").appendChild(make("p", { class: "foot" }, w("replanned", { run: data.replanned_from }))); }
}
