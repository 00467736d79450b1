// Communes to choose from are searched by name, with or without the marks of Vietnamese letters. Without this the list is whole.
(function () {
  "use strict";
  var box = document.getElementById("search");
  if (!box) { return; }
  var input = document.getElementById("search-text");
  var rows = Array.prototype.slice.call(document.querySelectorAll("#communes .choices label"));

  function plain(text) {
    return text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/g, "d");
  }

  input.addEventListener("input", function () {
    var asked = plain(input.value.trim());
    rows.forEach(function (row) {
      row.hidden = asked !== "" && plain(row.textContent).indexOf(asked) < 0 && !row.querySelector("input").checked;
    });
  });
  input.addEventListener("keydown", function (event) {
    if (event.key === "Enter") { event.preventDefault(); }
  });
  box.hidden = false;
})();
