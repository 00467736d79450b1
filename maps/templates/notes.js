// Banners above the map; norms, warnings and sources below it.
function buildBanners() {
  var list = byId("banners");
  replace(list);
  data.banners.forEach(function (b) { list.appendChild(make("li", { class: b.tone, "data-code": b.code }, b[state.language])); });
}

function normLine(r) {
  var d = r.walk_m === null ? w("no_norm") : num(r.walk_m) + " m";
  var m2 = r.m2_per_child === null ? w("no_norm_m2") : w("norm_row_m2", { m2: num(r.m2_per_child, 2) + " m²" });
  var text = w("norm_row", { band: bandName(r.band), d: d, m2: m2 }) + (r.min_site_m2 === null ? "" : w("tier_size", { a: num(r.min_site_m2) }));
  var by = r.planner ? [w("planner")] : [r.source, r.article].filter(Boolean);
  if (!r.planner && r.planner_m2) { by.push(w("planner_m2")); }
  if (!r.planner && (r.valid[0] || r.valid[1])) { by.push(w("in_force", { a: r.valid[0] || "…", b: r.valid[1] || "…" })); }
  return make("li", null, make("b", null, text), make("span", null, by.join(" · ")),
    r.planner ? null : make("em", { class: r.verified ? "good" : "bad" }, w(r.verified ? "is_verified" : "is_unverified")));
}

function normsBlock() {
  var n = data.norms, list = make("ul", { class: "norms" });
  n.rows.forEach(function (r) { list.appendChild(normLine(r)); });
  if (n.m2_per_person !== null) {
    list.appendChild(make("li", null, w("norm_person", { m2: num(n.m2_per_person, 2) + " m²" }) + " ",
      make("em", { class: n.m2_per_person_verified ? "good" : "bad" }, w(n.m2_per_person_verified ? "is_verified" : "is_unverified"))));
  }
  list.appendChild(make("li", null, w("target", { t: num(100 * n.target_share) }) + " (" + w(n.set_by_planner.indexOf("target_share") >= 0 ? "is_planner" : "is_design") + ")"));
  return make("div", { id: "norms", tabindex: "-1" }, make("h3", null, n.rows.some(function (r) { return r.planner; }) ?
    w("planner_head", { norm: n[state.language] }) : w("norms_used") + ": " + n[state.language]), list);
}

function warningsBlock() {
  var list = make("ul", { class: "warnings" });
  data.warnings.forEach(function (each) {
    var entry = make("li", null, make("span", null, each[state.language]));
    if (each.detail || each.ids.length) {
      var ids = each.ids.join(", ") + (each.more ? ", " + w("more", { n: num(each.more) }) : "");
      entry.appendChild(make("details", null, make("summary", null, w("details")), make("p", { lang: "en" }, each.detail), ids ? make("p", null, ids) : null));
    }
    list.appendChild(entry);
  });
  return make("div", null, make("h3", null, w("warnings")), data.warnings.length ? list : make("p", null, w("no_warnings")));
}

// "constraints.water" is the layer water among those of the constraints.
function layerWord(layer) {
  var dot = layer.indexOf("."), group = dot > 0 ? layer.slice(0, dot) : "";
  return group && has("layer_" + group) ? w("layer_" + group) + " (" + kindWord(layer.slice(dot + 1), "cl_") + ")" : kindWord(layer, "layer_");
}

function sourcesBlock() {
  var list = make("ul", { class: "sources" });
  data.sources.forEach(function (s) {
    var name = s.url ? make("a", { href: s.url, rel: "noopener noreferrer" }, s.name || s.url) : make("span", null, s.name || s.layer);
    var rest = [s.attribution || (s.url || s.licence ? "" : w("own_file")), s.licence || w("no_licence")].filter(Boolean).join(" · ");
    list.appendChild(make("li", null, make("b", null, layerWord(s.layer) + ": "), name, make("span", null, " — " + rest)));
  });
  return make("div", null, make("h3", null, w("sources")), list);
}

function buildNotes() {
  var study = data.study;
  replace(byId("about"), make("h2", null, w("about")), normsBlock(), warningsBlock(), sourcesBlock(),
    make("p", { class: "foot" }, [study.estimate_note, w("neutral"), w("leaflet")].filter(Boolean).join(" ")),
    make("p", { class: "foot" }, w("study_date") + ": " + study.date + " · " + w("run_id") + ": ", make("code", null, study.run_id)));
  var named = data.sources.map(function (s) { return s.attribution; }).filter(function (t, k, all) { return t && all.indexOf(t) === k; });
  replace(byId("credit"), document.createTextNode((named.length ? named.join(" · ") + " · " : "") + "Leaflet · " + w("run_id") + " " + study.run_id));
}
