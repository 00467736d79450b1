function speak(to) {
  language = to;
  document.documentElement.lang = to;
  [].forEach.call(document.querySelectorAll("[data-w]"), function (node) { node.textContent = W(node.getAttribute("data-w")); });
  ["vi", "en"].forEach(function (each) { $("lang-" + each).setAttribute("aria-pressed", String(each === to)); });
  var names = communes.map(function (c) { return c.name; }).join(", ");
  document.title = W("title") + " – " + names;
  $("about").textContent = W("about", { names: names, study: study.result.name, date: side(study.date), vintage: side(study.vintage_words) });
  $("map").setAttribute("aria-label", W("map", { names: names }));
  $("tools").setAttribute("aria-label", W("tools"));
  $("in").setAttribute("aria-label", W("in"));
  $("out").setAttribute("aria-label", W("out"));
  if (!own.vietnam) $("how-typing").textContent = W("how_typing_other");
  $("synthetic").hidden = !study.synthetic;
  options($("land_use"), [["", W("use_unknown")]].concat(study.land_uses.map(function (u) { return [u[0], u[0] + " – " + side([u[1], u[2]])]; })));
  options($("zone"), study.zones.map(function (z, i) { return [z.epsg, side([z.vi, z.en]) + (i || study.zones.length < 2 ? "" : " " + W("usual"))]; }));
  $("zone").value = state.zone;
  list($("simplified"), [W("a_run", { run: study.result.run_id, id: study.result.id }), W("a_made", { date: side(study.made) })]
    .concat(study.told.length ? study.told.map(side) : [W("a_whole")]).concat(study.sources.map(function (s) { return W("a_source", { source: s }); })));
  legend();
  pictures();
  costSaid();
  if ($("photo-said").textContent) photoSum([]);
  ["pasted", "save-said", "draft-said", "restored"].forEach(function (id) { say(id, ""); });
  changed("");
}
function options(select, pairs) {
  var was = select.value;
  while (select.firstChild) select.removeChild(select.firstChild);
  pairs.forEach(function (each) {
    var made = element("option", each[1]);
    made.value = each[0];
    select.appendChild(made);
  });
  select.value = was;
  if (select.selectedIndex < 0) select.selectedIndex = 0;
}
function costSaid() {
  var cost = money($("cost").value);
  say("cost-said", cost === null ? W("cost_hint") : cost !== cost ? W("m_cost") : W("cost_is", { vnd: number(cost) }), cost !== cost);
}
function read(input, done) {
  var file = input.files[0], reader = new FileReader();
  if (!file) return;
  reader.onload = function () { input.value = ""; done(String(reader.result), file.name); };
  reader.onerror = function () { input.value = ""; say("draft-said", W("o_broken"), true); };
  reader.readAsText(file, "utf-8");
}
(function start() {
  var on = function (id, name, act) { $(id).addEventListener(name, act); };
  prepare();
  pointers();
  on("lang-vi", "click", function () { speak("vi"); });
  on("lang-en", "click", function () { speak("en"); });
  on("in", "click", function () { zoom(1.6); });
  on("out", "click", function () { zoom(1 / 1.6); });
  on("whole", "click", function () { showBox(communes[Number($("choose").value) || 0].box); });
  on("to-land", "click", function () { if (state.corners.length) showBox(boxOf(ring()), 2.5); });
  on("undo", "click", undo);
  on("clear", "click", function () { remember(); wanted = 0; state.corners = []; changed(W("cleared")); });
  on("zone", "change", function () { intoZone($("zone").value); });
  on("more", "click", function () {
    var body = $("corners").tBodies[0];
    wanted = body.rows.length + 1;
    table();
    body.rows[body.rows.length - 1].cells[1].firstChild.focus();
  });
  on("read", "click", pasted);
  on("photos", "change", function () { addPhotos($("photos").files); $("photos").value = ""; });
  FIELDS.forEach(function (name) { on(name, "input", keep); });
  on("land_use", "change", keep);
  on("cost", "input", costSaid);
  on("save", "click", saveProposal);
  on("draft", "click", saveDraft);
  on("open", "change", function () {
    read($("open"), function (text, name) {
      try { opened(text); say("draft-said", W("opened", { name: name })); unsaved = false; }
      catch (error) { say("draft-said", typeof error === "string" ? error : W("o_broken"), true); }
    });
  });
  on("fresh", "click", function () { $("sure").hidden = false; $("fresh-no").focus(); });
  on("fresh-no", "click", function () { $("sure").hidden = true; $("fresh").focus(); });
  on("fresh-yes", "click", function () { $("sure").hidden = true; fresh(); say("draft-said", W("emptied")); $("name").focus(); });
  window.addEventListener("resize", redraw);
  window.addEventListener("beforeunload", function (e) {
    keepNow();
    if (unsaved && $("kept").textContent !== W("kept")) { e.preventDefault(); e.returnValue = ""; }
  });
  window.addEventListener("pagehide", keepNow);
  if (communes.length > 1) {
    options($("choose"), communes.map(function (c, i) { return [i, c.name]; }));
    $("choose-box").hidden = false;
    on("choose", "change", function () { showBox(communes[Number($("choose").value)].box); });
  }
  speak(study.language);
  showBox(communes[0].box);
  var was = restore();
  if (was) say("restored", W("restored"));
  unsaved = false;
})();
