// How many files an export comes to, told while it is chosen; a ticked place means "those that I tick". Without this the
// service counts them when the form is sent.
(function () {
  "use strict";
  var form = document.querySelector("form.export");
  var told = document.getElementById("estimate");
  if (!form || !told) { return; }
  var some = document.getElementById("scope-some");

  function ticked(name) {
    return form.querySelectorAll("input[name='" + name + "']:checked").length;
  }

  function count() {
    var all = !some.checked;
    var places = { commune: ticked("communes"), site: ticked("sites"), whole: 1 };
    var sum = 0;
    form.querySelectorAll("input[name='formats']:checked").forEach(function (each) {
      sum += all ? Number(each.dataset.all) : places[each.dataset.per];
    });
    return sum + ticked("parts");
  }

  function tell() {
    var n = count();
    var key = n === 0 ? "none" : n > Number(told.dataset.limit) ? "most" : n > Number(told.dataset.warn) ? "many" : "few";
    var text = told.dataset[key].replace("#", n.toLocaleString(document.documentElement.lang));
    if (told.textContent !== text) { told.textContent = text; }
    told.className = key === "few" || key === "none" ? "note" : "alarm";
  }

  form.addEventListener("change", function (event) {
    if (event.target.checked && (event.target.name === "communes" || event.target.name === "sites")) { some.checked = true; }
    tell();
  });
  told.hidden = false;
  tell();
})();
