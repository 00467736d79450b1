// Find a parcel by its id, or a commune by its name.
var MOST = 8, searchAsked = 0;

function communesNamed(text) {
  var plain = fold(text), asked = accented(text);
  if (!plain) { return []; }
  return data.communes.id.map(function (id, i) { return [hitRank(i, asked, plain), i]; }).filter(function (hit) { return hit[0] >= 0; })
    .sort(function (a, b) { return a[0] - b[0] || a[1] - b[1]; }).map(function (hit) { return hit[1]; });
}

// The id itself first, then ids that begin so, then ids that have it in them.
function parcelsNamed(text, ids) {
  var asked = text.trim().toLowerCase(), groups = [[], [], []];
  if (!asked) { return []; }
  for (var k = 0; k < ids.length; k += 1) {
    var id = ids[k].toLowerCase(), at = id.indexOf(asked);
    if (at >= 0) { groups[at > 0 ? 2 : id === asked ? 0 : 1].push(k); }
  }
  return groups[0].concat(groups[1], groups[2]);
}

function foundButton(text, small, action) {
  var button = make("button", { type: "button" }, text, make("small", null, small));
  button.addEventListener("click", action);
  return make("li", null, button);
}

function search() {
  var box = byId("search"), asked = searchAsked += 1;
  return allIds().then(function (ids) {
    if (asked !== searchAsked) { return; }
    var list = byId("search-found"), communes = communesNamed(box.value), parcels = parcelsNamed(box.value, ids.list);
    replace(list);
    var room = communes.slice(0, parcels.length ? MOST / 2 : MOST);
    parcels.slice(0, MOST - room.length).forEach(function (k) { list.appendChild(foundButton(ids.list[k], w("s_parcel"), function () { box.value = ids.list[k]; closeSearch(); chooseParcel(k, true); })); });
    room.forEach(function (i) { list.appendChild(foundButton(data.communes.name[i], w("c_name"), function () { box.value = data.communes.name[i]; closeSearch(); chooseCommune(i, true); })); });
    var rest = communes.length + parcels.length - list.childNodes.length;
    if (rest > 0) { list.appendChild(make("li", { class: "rest" }, w("more", { n: num(rest) }))); }
    if (!communes.length && !parcels.length && box.value.trim()) { list.appendChild(make("li", { class: "rest" }, w("none_found"))); }
    list.hidden = !box.value.trim();
    byId("search-told").textContent = box.value.trim() ? (communes.length + parcels.length ? w("found", { n: num(communes.length + parcels.length) }) : w("none_found")) : "";
  });
}

function closeSearch() { byId("search-found").hidden = true; }

function searchKeys(event) {
  var at = Array.prototype.slice.call(byId("search-found").querySelectorAll("button")).indexOf(document.activeElement);
  if (event.key === "Escape") { closeSearch(); byId("search").focus(); return; }
  if (event.key === "Enter" && at < 0) {
    event.preventDefault();
    search().then(function () { var first = byId("search-found").querySelector("button"); if (first) { first.click(); } });
    return;
  }
  var buttons = byId("search-found").querySelectorAll("button");
  if (event.key === "ArrowDown" && buttons.length) { event.preventDefault(); buttons[Math.min(at + 1, buttons.length - 1)].focus(); }
  if (event.key === "ArrowUp" && at >= 0) { event.preventDefault(); (at ? buttons[at - 1] : byId("search")).focus(); }
}
