// The search box: names as they are typed, arrow keys, Enter.
function find(text) {
  var plain = fold(text), asked = accented(text), collator = new Intl.Collator("vi");
  if (!plain) { return []; }
  return data.communes.id.map(function (id, i) { return [hitRank(i, asked, plain), i]; })
    .filter(function (hit) { return hit[0] >= 0; })
    .sort(function (a, b) { return a[0] - b[0] || collator.compare(data.communes.name[a[1]], data.communes.name[b[1]]); })
    .map(function (hit) { return hit[1]; });
}

function search() {
  var box = byId("search"), list = byId("search-found"), hits = find(box.value);
  replace(list);
  hits.slice(0, 8).forEach(function (i) {
    var button = make("button", { type: "button", "data-i": i }, data.communes.name[i], make("small", null, w("t_" + status(i))));
    button.addEventListener("click", function () { take(i); });
    list.appendChild(make("li", null, button));
  });
  if (hits.length > 8) { list.appendChild(make("li", { class: "rest" }, w("more", { n: num(hits.length - 8) }))); }
  if (!hits.length && box.value.trim()) { list.appendChild(make("li", { class: "rest" }, w("none_found"))); }
  list.hidden = !box.value.trim();
  byId("search-told").textContent = box.value.trim() ? (hits.length ? w("found", { n: num(hits.length) }) : w("none_found")) : "";
}

function closeSearch() { byId("search-found").hidden = true; }

function take(i) {
  byId("search").value = data.communes.name[i];
  closeSearch();
  chooseCommune(i, true);
}

function searchKeys(event) {
  var buttons = Array.prototype.slice.call(byId("search-found").querySelectorAll("button"));
  var at = buttons.indexOf(document.activeElement);
  if (event.key === "Escape") { closeSearch(); byId("search").focus(); }
  else if (event.key === "Enter" && at < 0) {
    event.preventDefault();
    search();  // the list may be of what was typed before
    var first = byId("search-found").querySelector("button");
    if (first) { take(Number(first.getAttribute("data-i"))); }
  }
  else if (event.key === "ArrowDown" && buttons.length) { event.preventDefault(); buttons[Math.min(at + 1, buttons.length - 1)].focus(); }
  else if (event.key === "ArrowUp" && at >= 0) { event.preventDefault(); (at ? buttons[at - 1] : byId("search")).focus(); }
}
