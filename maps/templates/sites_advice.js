// Why a parcel is judged as it is, and what to do about it, in plain sentences.
function capital(text) { return text.charAt(0).toLocaleUpperCase(state.language) + text.slice(1); }

function layerName(layer) { return kindWord(layer, "cl_"); }

function againstIds(p) {
  return p.text("against").split(";").filter(function (id, k, all) { return id && all.indexOf(id) === k; });
}

// A parcel that is conditional only because rules could not be checked waits for nobody's decision.
function verdictWords(p, rows, verdict) {
  if (verdict !== "conditional" || !rows.length) { return w(verdict === "conditional" ? "v_conditional" : "vp_" + verdict); }
  var open = rows.filter(function (r) { return r.passed === null && r.id !== "land_use"; }).map(function (r) { return r.id; });
  var ids = againstIds(p);
  return w(ids.length && ids.every(function (id) { return open.indexOf(id) >= 0; }) ? "vp_check" : "vp_decide");
}

function landSentence(p, row) {
  var code = p.text("land_use"), letter = p.text("land_class").toLowerCase();
  if (row && row.passed === null || !letter) { return code ? w("a_land_unknown", { code: code }) : w("a_land_blank"); }
  return has("a_land_" + letter) ? w("a_land_" + letter, { code: code }) : constraintName("land_use");
}

function limitText(r) { return w(r.rule === "min_distance" ? "at_least" : "at_most", { x: withUnit(r.limit, r.unit) }); }

function reasonsOf(p, rows) {
  var byName = new Map(rows.map(function (r) { return [r.id, r]; })), hard = [], cut = [], soft = [], layers = [], doubts = [];
  againstIds(p).forEach(function (id) {
    var r = byName.get(id), rule = constraintById.get(id);
    if (id === "land_use") { hard.push(landSentence(p, r)); return; }
    if (!r) { hard.push(capital(constraintName(id)) + "."); return; }
    if (r.passed === null) {
      if (rule && rule.checked === false) { if (layers.indexOf(layerName(rule.layer)) < 0) { layers.push(layerName(rule.layer)); } } else { doubts.push(r.name); }
      return;
    }
    if (id === "usable_area") { hard.push(w("a_small", { v: valueText(r), l: withUnit(r.limit, r.unit) })); return; }
    if (r.kind === "soft") { soft.push(w("a_soft", { name: r.name, by: w("a_by", { v: valueText(r), l: limitText(r) }) })); return; }
    if (r.rule === "max_value") { hard.push(capital(w("a_value", { name: r.name, v: valueText(r), l: limitText(r) }))); return; }
    cut.push(r.name);
  });
  var left = p.number("usable_m2");
  if (cut.length) { hard.push(left ? w("a_cut", { name: cut.join("; "), m2: area(left) }) : w("a_cut_all", { name: cut.join("; ") })); }
  if (layers.length) { soft.push(w("a_layers", { layers: layers.join(", ") })); }
  if (doubts.length) { soft.push(w("a_doubt", { names: doubts.join("; ") })); }
  return { said: hard.concat(soft), open: layers.length + doubts.length > 0 };
}

function sentences(title, list) {
  var box = make("ul", { class: "advice" });
  list.forEach(function (text) { box.appendChild(make("li", null, text)); });
  return make("div", null, make("h3", null, title), box);
}

function adviceBlock(p, rows, verdict) {
  var why = reasonsOf(p, rows), todo = [], who = p.text("who_" + state.language);
  if (verdict === "conditional" && who) { todo.push(w("d_who", { who: who })); }
  if (verdict !== "excluded" && why.open) { todo.push(w("d_layers")); }
  if (verdict === "excluded") { todo.push(w("d_excluded")); }
  if (verdict === "eligible") { todo.push(w("d_none")); }
  todo.push(w("d_report", { id: p.id, run: data.study.run_id }));
  return make("div", { id: "advice" }, why.said.length ? sentences(w("a_why"), why.said) : null, sentences(w("a_do"), todo));
}

// Beside the sentence of the plan: the numbers that it rests on. Less than half a child is not none.
function planNote(p) {
  function some(name) { return p.list(name).some(function (v) { return v > 0; }); }
  var plan = data.plan, cost = p.number("cost"), reached = p.number("children_reached"), gained = p.number("children_gained");
  if (plan.budget !== null && plan.objective !== "cover_all" && cost !== null && cost > plan.budget) { return w("over_budget", { c: money(cost), b: money(plan.budget) }); }
  if (reached === 0) { return some("effect_children_reached") ? "" : w("none_near"); }
  return !data.by_need && gained === 0 && reached && !some("effect_children_gained") ? counted("all_served", reached) : "";
}
