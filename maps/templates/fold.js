// Find a commune by name, with or without accents: "hoa" finds "Hòa" and "Hoà".
function fold(text) {
  return accented(text).normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/g, "d");
}

// A'Rồng is found as arong, a rong and a’rong; xã and phường before a name do not matter.
function accented(text) {
  return text.normalize("NFC").toLowerCase().replace(/['’‘ʼ`]/g, "").replace(/\s+/g, " ").trim().replace(/^(xã|xa|phường|phuong|thị trấn|thi tran) (?=.)/, "");
}

// Accents that were typed rank a hit, they never hide one. Smaller is better.
function hitRank(i, asked, plain) {
  var name = fold(data.communes.name[i]), at = name.indexOf(plain);
  if (at < 0 && name.replace(/ /g, "").indexOf(plain.replace(/ /g, "")) >= 0) { return 8; }
  if (at < 0) { return data.communes.id[i] === asked ? 0 : -1; }
  var exact = accented(data.communes.name[i]).indexOf(asked) >= 0 ? 0 : 4;
  return exact + (at === 0 ? 1 : name.charAt(at - 1) === " " ? 2 : 3);
}

// What both pages have in common: zoom buttons, search, the table walked by keys, the language. The page gives the functions.
function wire() {
  byId("zoom-in").addEventListener("click", function () { map.zoomIn(1); });
  byId("zoom-out").addEventListener("click", function () { map.zoomOut(1); });
  byId("whole").addEventListener("click", showAll);
  byId("search").addEventListener("input", search);
  document.querySelector(".search").addEventListener("keydown", searchKeys);
  document.querySelector(".search").addEventListener("focusout", function (event) {
    if (!event.relatedTarget || !event.currentTarget.contains(event.relatedTarget)) { window.setTimeout(closeSearch, 150); }
  });
  byId("table").addEventListener("keydown", walkRows);
  document.querySelectorAll(".language [data-language]").forEach(function (node) {
    node.addEventListener("click", function () { state.language = node.getAttribute("data-language"); byId("search-told").textContent = ""; rebuild(); });
  });
}
