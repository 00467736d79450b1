// The side panel: summary, one commune, or one play area.
function row(list, name, text) {
  list.appendChild(make("dt", null, name));
  list.appendChild(make("dd", null, text));
}

function known(column, i) { return value(column, i) !== null; }

function percent(share) { return share === null ? w("unknown_value") : perCent(share, 1) + " %"; }

function metres(value) { return value === null ? w("no_norm") : num(value) + " m"; }

function square(value, digits) { return value === null ? w("unknown_value") : num(value, digits || 0) + " m²"; }

function backButton() {
  var button = make("button", { type: "button", class: "back" }, "‹ " + w("close"));
  button.addEventListener("click", function () { choose(-1, -1); byId("panel").focus(); });
  return button;
}

function summaryPanel() {
  var box = make("div", null, make("h2", null, w("summary")), make("p", { class: "headline" }, data.headline[state.language]));
  if (state.band !== "all") {  // the headline is of all ages, what follows is not
    box.lastChild.insertBefore(make("b", null, w("band_all") + ": "), box.lastChild.firstChild);
    box.appendChild(make("h3", null, bandName(state.band)));
  }
  var counts = make("ul", { class: "counts" });
  Object.keys(data.style.status).forEach(function (name) {
    var n = data.communes.id.filter(function (id, i) { return status(i) === name; }).length;
    if (n) { counts.appendChild(make("li", null, swatch(statusFill(name)), make("span", null, w("s_" + name)), make("b", null, num(n)))); }
  });
  box.appendChild(counts);
  var first = worst();
  if (first.list.length) {
    box.appendChild(make("h3", null, first.title));
    var list = make("ol", { class: "first" });
    first.list.forEach(function (i) { list.appendChild(make("li", null, communeButton(i), make("span", null, counted("n_young", value(first.column, i))))); });
    box.appendChild(list);
  }
  box.appendChild(make("p", { class: "hint" }, w("details_hint")));
  return box;
}

// Where to look first: most children who cannot walk to one, or where nobody has looked, most children.
function worst() {
  var blank = data.communes.id.every(function (id, i) { return !known("children_uncovered", i); });
  var column = blank ? "children" : "children_uncovered";
  var list = data.communes.id.map(function (id, i) { return i; })
    .filter(function (i) { return known(column, i) && value(column, i) >= 0.5; })
    .sort(function (a, b) { return value(column, b) - value(column, a) || a - b; }).slice(0, 5);
  return { list: list, column: column, title: w(blank ? "first_survey" : "first_gap") };
}

function communeButton(i) {
  var button = make("button", { type: "button", class: "link" }, data.communes.name[i]);
  button.addEventListener("click", function () { chooseCommune(i, true); });
  return button;
}

function communePanel(i) {
  var name = status(i), box = make("div", null, backButton(), make("h2", null, data.communes.name[i]));
  var kind = data.communes.kind[i];
  box.appendChild(make("p", { class: "sub" }, (kind ? kindWord(kind, "u_") + " · " : "") + w("code") + " " + data.communes.id[i] + " · " + w("vintage", { v: data.study.vintage }) + " · " + bandName(state.band)));
  box.appendChild(make("p", { class: "verdict" }, swatch(statusFill(name)), make("strong", null, w("s_" + name))));
  box.appendChild(make("p", { class: "reason" }, value("reason_" + state.language, i)));
  box.appendChild(numbers(i));
  [partsBlock(i), tiersBlock(i), flagsBlock(i), sitesBlock(i)].forEach(function (block) { if (block) { box.appendChild(block); } });
  box.appendChild(make("a", { href: "#norms", class: "to-norms" }, w("norm_link")));
  return box;
}

function numbers(i) {
  var list = make("dl", null), n = value("norm_m2_per_child", i);
  row(list, w("n_children"), people(value("children", i)));
  if (data.communes.surveyed[i]) {
    row(list, w("n_uncovered"), people(value("children_uncovered", i)));
    row(list, w("n_share"), percent(value("covered_share", i)));
    if (known("access_m2_per_child", i)) { row(list, w("n_access"), square(value("access_m2_per_child", i), 2)); }
    if (known("provision_m2_per_child", i)) { row(list, w("n_provision"), square(value("provision_m2_per_child", i), 2)); }
    row(list, w("n_area"), square(value("play_area_m2", i)));
    if (!known("play_area_m2", i)) { row(list, w("n_known_area"), square(value("play_area_known_m2", i))); }
    if (known("shortfall_m2", i)) { row(list, w("n_shortfall"), square(value("shortfall_m2", i))); }
    if (known("norm_m2_per_person", i) && known("provision_m2_per_person", i)) {
      row(list, w("n_person", { n: num(value("norm_m2_per_person", i), 2) + " m²" }), square(value("provision_m2_per_person", i), 2));
    }
    if (known("detour_ratio", i)) { row(list, w("n_detour"), num(value("detour_ratio", i), 2) + " ×"); }
  } else if (known("survey_rank", i)) {
    row(list, w("n_rank"), w("rank_of", { k: num(value("survey_rank", i)) }));
  }
  row(list, w("n_walk"), perBand(function (r) { return r.walk_m; }, function (x) { return num(x) + " m"; }));
  row(list, w("n_norm_m2"), perBand(function (r) { return r.m2_per_child; }, function (x) { return num(x, 2) + " m²"; }));
  return list;
}

// A figure of the norm: one where all bands agree, else one per band.
function perBand(take, say) {
  var rows = data.norms.rows.filter(function (r) { return state.band === "all" || r.band === state.band; });
  var told = rows.map(function (r) { return take(r) === null ? w("no_norm") : say(take(r)); });
  var one = told.filter(function (t, k) { return told.indexOf(t) === k; });
  if (one.length <= 1) { return one[0] || w("no_norm"); }
  if (state.band !== "all") { return one.join(" / "); }
  return rows.map(function (r, k) { return bandName(r.band) + ": " + told[k]; }).join("; ");
}

function partsBlock(i) {
  var parts = data.parts[state.band], keys = Object.keys(parts).filter(function (p) { return parts[p][i] !== null && parts[p][i] !== 0; });
  if (!keys.length) { return null; }
  var most = Math.max.apply(null, keys.map(function (p) { return Math.abs(parts[p][i]); }));
  var list = make("ul", { class: "bars" });
  keys.sort(function (a, b) { return Math.abs(parts[b][i]) - Math.abs(parts[a][i]); }).forEach(function (p) {
    var bar = make("span", { class: "bar", "aria-hidden": "true" });
    bar.style.width = Math.round(100 * Math.abs(parts[p][i]) / most) + "%";
    list.appendChild(make("li", null, make("span", null, w("p_" + p)), make("b", null, num(parts[p][i])), parts[p][i] > 0 ? bar : null));
  });
  return make("div", null, make("h3", null, w("why")), list);
}

function tiersBlock(i) {
  var mine = data.tiers.filter(function (t) { return (state.band === "all" || t.band === state.band) && t.share[i] !== null; });
  if (!mine.length || !data.tiered.length) { return null; }
  var list = make("dl", null);
  mine.forEach(function (t) {
    var name = w("tier_row", { tier: kindWord(t.tier, "tier_"), d: num(t.walk_m) }) + (t.min_site_m2 === null ? "" : w("tier_size", { a: num(t.min_site_m2) }));
    row(list, (state.band === "all" ? bandName(t.band) + " · " : "") + name, percent(t.share[i]));
  });
  return make("div", null, make("h3", null, w("tiers")), list);
}

function flagsBlock(i) {
  var flags = (value("flags", i) || "").split(";").filter(Boolean);
  if (data.norms.rows.every(function (r) { return r.m2_per_child === null; })) { flags.push("distance_only"); }
  if (data.norms.set_by_planner.some(function (name) { return name !== "target_share"; })) { flags.push("planner"); }
  if (!flags.length) { return null; }
  var list = make("ul", { class: "flags" });
  flags.forEach(function (f) { list.appendChild(make("li", null, has("f_" + f) ? w("f_" + f) : has(f) ? w(f) + "." : f)); });
  return make("div", null, make("h3", null, w("remarks")), list);
}

// Why a place is not supply: it is not open and free, or it is of a kind that does not count.
function whyNot(s) {
  var open = data.sites.access[s] === "public" || data.sites.access[s] === "unknown";
  return open ? w("kind_not") : kindWord(data.sites.access[s], "a_");
}

function sitesBlock(i) {
  var mine = data.sites.commune.map(function (c, s) { return c === i ? s : -1; }).filter(function (s) { return s >= 0; });
  if (!mine.length) { return null; }
  mine.sort(function (a, b) { return data.sites.counts[b] - data.sites.counts[a] || a - b; });
  var list = make("ul", { class: "sites" });
  mine.slice(0, 40).forEach(function (s) {
    var button = make("button", { type: "button", class: "link" }, siteName(s));
    button.addEventListener("click", function () { chooseSite(s, true); });
    var what = kindWord(data.sites.kind[s], "k_") + (data.sites.counts[s] ? "" : " · " + w("site_not").toLowerCase() + ": " + whyNot(s));
    list.appendChild(make("li", null, dotMark(data.sites.counts[s] === 1), button, make("span", null, what)));
  });
  if (mine.length > 40) { list.appendChild(make("li", null, w("more", { n: num(mine.length - 40) }))); }
  return make("div", null, make("h3", null, w("sites_here", { n: num(mine.length) })), list);
}

function sitePanel(s) {
  var d = limit(), list = make("dl", null), home = data.sites.commune[s];
  var box = make("div", null, backButton(), make("h2", null, siteName(s)),
    make("p", { class: "verdict" }, dotMark(data.sites.counts[s] === 1), make("strong", null, data.sites.counts[s] ? w("site_counts") : w("site_not") + ": " + whyNot(s))));
  row(list, w("site_kind"), kindWord(data.sites.kind[s], "k_"));
  row(list, w("site_access"), kindWord(data.sites.access[s], "a_"));
  row(list, w("site_area"), square(data.sites.area[s]));
  if (home >= 0) {
    list.appendChild(make("dt", null, w("site_commune")));
    list.appendChild(make("dd", null, communeButton(home)));
  }
  box.appendChild(list);
  if (d && data.sites.counts[s]) { box.appendChild(make("p", { class: "hint" }, w(data.sites.reach.by[s] ? "site_circle" : "site_ring", { d: num(d) }))); }
  return box;
}

function buildPanel() {
  replace(byId("panel"), state.site >= 0 ? sitePanel(state.site) : state.commune >= 0 ? communePanel(state.commune) : summaryPanel());
}
