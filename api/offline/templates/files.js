// Files: what is typed is kept in the browser where it allows that, and always in files that one saves and opens.
var FORMAT = "sanchoi-proposal", VERSION = 1, PLACE = "sanchoi-offline:" + study.result.id + ":" + study.communes.map(function (c) { return c.id; }).join(",");
var unsaved = false, timer = null;
function values() {
  var out = {};
  FIELDS.forEach(function (name) { out[name] = $(name).value; });
  return out;
}
function money(text) {
  var plain = text.replace(/[\s.,đ₫]|VNĐ|VND|đồng/gi, "");
  return plain === "" ? null : /^\d{1,15}$/.test(plain) ? Number(plain) : NaN;
}
function content() {
  var v = values(), land = ring(), zone = zoneOf(state.zone), home = land.length > 2 ? communeOf(land) : communes.length === 1 ? communes[0] : null;
  var typed = land.length > 2 && state.corners.every(function (c) { return c.typed && c.typed.epsg === state.zone; }), points = [];
  if (land.length > 2 && signed(land) < 0) land.reverse();
  var degree = land.map(function (p) { return degrees(own, p[0] + x0, p[1] + y0).map(function (d) { return Number(d.toFixed(10)); }); });
  if (degree.length) degree.push(degree[0]);
  state.corners.forEach(function (c) {
    var m = c.typed && c.typed.epsg === state.zone ? { x: c.typed.north, y: c.typed.east } : metres(c, zone);
    points.push([m.x.toFixed(4), m.y.toFixed(4)]);
  });
  return {
    id: state.id, saved: new Date().toISOString(), language: language, form: study.form,
    result: study.result, vintage: study.vintage, commune: home && { id: home.id, name: home.name },
    content: { name: v.name.trim(), land_use: v.land_use, owner: v.owner.trim(), backer: v.backer.trim(), note: v.note.trim(), cost: money(v.cost) },
    geometry: land.length > 2 ? { type: "Polygon", coordinates: [degree] } : null,
    corners: { epsg: zone.epsg, typed: typed, points: points, texts: state.corners.map(function (c) { return c.typed ? [c.typed.x, c.typed.y] : null; }) },
    cost_text: v.cost, photos: state.photos
  };
}
function packed(kind) {
  var text = JSON.stringify(content());
  return JSON.stringify({ format: FORMAT, version: VERSION, kind: kind, sha256: sha256(text), about: W("file_about"), content: text });
}
function plain(text) {
  return text.replace(/[đĐ]/g, "d").normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[^A-Za-z0-9]+/g, "-").replace(/^-+|-+$/g, "").toLowerCase().slice(0, 40);
}
function download(name, text) {
  var blob = new Blob([text], { type: "application/json" }), link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  document.body.appendChild(link);
  link.click();
  document.body.removeChild(link);
  setTimeout(function () { URL.revokeObjectURL(link.href); }, 60000);
}
function fileName(begin, end) {
  return [begin, plain($("name").value) || plain(communes[0].name), state.id.slice(0, 6)].filter(Boolean).join("-") + end;
}
function missing() {
  var out = [], land = ring(), cost = money($("cost").value);
  if (land.length < 3) out.push(["map", W("m_land")]);
  else if (crossing(land)) out.push(["map", W("m_cross")]);
  else if (insideShare(land) < 0.0005) out.push(["map", W("m_outside")]);
  out = out.concat(unread());
  if (!$("name").value.trim()) out.push(["name", W("m_name")]);
  if (cost !== cost) out.push(["cost", W("m_cost")]);
  return out;
}
// What was missing when it was to be saved is told as long as it is missing.
function missed(asked) {
  var lacks = asked || $("missing").firstChild ? missing() : [];
  list($("missing"), lacks.map(function (each) { return each[1]; }));
  return lacks;
}
function saveProposal() {
  var lacks = missed(true);
  if (lacks.length) { say("save-said", ""); $("typing").open = $("typing").open || /^x-/.test(lacks[0][0]); $(lacks[0][0]).focus(); return; }
  var name = fileName("de-xuat", ".sanchoi.json");
  download(name, packed("proposal"));
  unsaved = false;
  say("save-said", W("saved", { name: name }));
}
function saveDraft() {
  var name = fileName("ban-nhap", ".json");
  download(name, packed("draft"));
  unsaved = false;
  say("draft-said", W("draft_saved", { name: name }));
}
function opened(text) {
  var told, inner;
  try { told = JSON.parse(text.replace(/^\ufeff/, "")); } catch (error) { throw W("o_broken"); }
  if (!told || told.format !== FORMAT || typeof told.content !== "string") throw W("o_other");
  if (!(told.version <= VERSION)) throw W("o_newer");
  if (sha256(told.content) !== told.sha256) throw W("o_broken");
  try { inner = JSON.parse(told.content); } catch (error) { throw W("o_broken"); }
  if (inner.result.id !== study.result.id || (inner.commune && !communes.some(function (c) { return c.id === inner.commune.id; })))
    throw W("o_place", { name: (inner.commune ? inner.commune.name + ", " : "") + inner.result.name });
  fill(inner);
}
// What was said of another proposal goes with it.
function quiet() {
  $("paste").value = "";
  ["pasted", "save-said", "draft-said", "photo-said", "restored"].forEach(function (id) { say(id, ""); });
  list($("missing"), []);
  past = [];
  wanted = 0;
}
// Puts what was read into the form. Texts go into fields as values, never into the page as markup.
function fill(inner) {
  state.id = /^[0-9a-f]{32}$/.test(inner.id) ? inner.id : random();
  FIELDS.forEach(function (name) { $(name).value = name === "cost" ? inner.cost_text || "" : String((inner.content || {})[name] || ""); });
  state.zone = zoneOf(inner.corners.epsg).epsg;
  $("zone").value = state.zone;
  var zone = zoneOf(state.zone);
  state.corners = inner.corners.points.map(function (p, i) {
    var north = Number(p[0]), east = Number(p[1]), there = rezoned(zone, own, east, north), texts = inner.corners.texts && inner.corners.texts[i];
    return { x: there[0] - x0, y: there[1] - y0, typed: texts ? { x: String(texts[0]), y: String(texts[1]), epsg: zone.epsg, north: north, east: east } : null };
  }).filter(function (c) { return isFinite(c.x) && isFinite(c.y); });
  state.photos = (inner.photos || []).filter(function (p) { return p && /^[A-Za-z0-9+\/=]+$/.test(p.data); }).slice(0, MOST_PHOTOS);
  quiet();
  chosenCorner = -1;
  pictures();
  costSaid();
  changed("");
  if (state.corners.length > 2) showBox(boxOf(ring()), 3);
}
// The browser's own keeping: some browsers have none for pages from a disk, and it is too small for many photos.
function keep() {
  unsaved = true;
  missed();
  clearTimeout(timer);
  timer = setTimeout(keepNow, 400);
}
function keepNow() {
  var all = content(), photos = all.photos;
  clearTimeout(timer);
  try {
    localStorage.setItem(PLACE, JSON.stringify(all));
    say("kept", W("kept"));
  } catch (error) {
    try {
      all.photos = [];
      localStorage.setItem(PLACE, JSON.stringify(all));
      say("kept", W(photos.length ? "kept_no_photos" : "kept"));
    } catch (again) { say("kept", W("not_kept")); }
  }
}
function restore() {
  var text = null;
  try { text = localStorage.getItem(PLACE); } catch (error) { return false; }
  if (!text) return false;
  try { fill(JSON.parse(text)); } catch (error) { return false; }
  return state.corners.length > 0 || state.photos.length > 0 || FIELDS.some(function (name) { return $(name).value; });
}
function fresh() {
  try { localStorage.removeItem(PLACE); } catch (error) { /* there was nothing to forget */ }
  state = { id: random(), corners: [], zone: own.epsg, photos: [], saved: "" };
  FIELDS.forEach(function (name) { $(name).value = ""; });
  $("zone").value = own.epsg;
  quiet();
  pictures();
  costSaid();
  changed("");
  showBox(communes[0].box);
  unsaved = false;
}
