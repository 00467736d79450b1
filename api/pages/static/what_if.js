// Asks the server whenever the list changes, keeps the list in the address and in the form that saves it, and takes the forms' changes.
"use strict";
(function () {
  var start = WhatIf.start, words = start.words;
  var WAIT_MS = 150, LONGEST = 6000;
  var timer = null, running = null;

  WhatIf.changed = function (focused) {
    WhatIf.drawList(focused);
    WhatIf.drawChanges();
    keep();
    if (running) { running.abort(); }
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  };

  // The address says what the list holds, so that a reload, the other language and a friend have the same.
  function keep() {
    var text = JSON.stringify(WhatIf.changes);
    document.querySelectorAll("input[name=changes]").forEach(function (each) { each.value = text; });
    WhatIf.by("save").hidden = !WhatIf.changes.length;
    var had = new URLSearchParams(location.search);
    var asked = new URLSearchParams();
    ["scenario", "commune"].forEach(function (name) { if (had.has(name)) { asked.set(name, had.get(name)); } });
    if (WhatIf.changes.length || asked.has("scenario")) { asked.set("changes", text); }
    var told = String(asked) && "?" + asked;
    if (told.length > LONGEST || !/\/what-if$/.test(location.pathname)) { return; }
    history.replaceState(null, "", location.pathname + told);
    document.querySelectorAll("#languages a").forEach(function (each) { each.href = each.href.split("?")[0] + told; });
  }

  var seal = document.querySelector("meta[name=csrf]");

  function ask() {
    if (!WhatIf.changes.length) { WhatIf.showProblem(); WhatIf.showAnswer(null); return; }
    var mine = running = new AbortController();
    var sentence = WhatIf.by("sentence");
    sentence.classList.add("waiting");
    fetch(start.ask, {
      method: "POST", signal: mine.signal, body: JSON.stringify({ changes: WhatIf.changes }),
      headers: { "Content-Type": "application/json", "Accept": "application/json", "Accept-Language": start.language, "X-CSRF-Token": seal ? seal.content : "" }
    }).then(function (answer) {
      return answer.json().then(function (told) { if (mine === running) { show(answer.ok, told); } });
    }).catch(function (error) {
      if (error.name === "AbortError" || mine !== running) { return; }
      show(false, { title: words.failed });
    }).finally(function () { if (mine === running) { sentence.classList.remove("waiting"); } });
  }

  function show(fine, told) {
    if (fine) { WhatIf.showProblem(); WhatIf.showAnswer(told); return; }
    WhatIf.showProblem(told.title, told.detail);
    WhatIf.showAnswer(null);
  }

  // A form below the map adds to the list; the server reads what was typed, so that both ways understand the same.
  document.querySelectorAll("form[data-form]").forEach(function (form) {
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      var asked = new URLSearchParams(new FormData(form));
      asked.delete("changes");
      asked.delete("scenario");
      fetch(start.change + "?" + asked, { headers: { "Accept": "application/json" } }).then(function (answer) {
        return answer.json().then(function (told) {
          if (!answer.ok) { WhatIf.showProblem(told.title, told.detail); WhatIf.by("problem").scrollIntoView({ block: "center" }); return; }
          if (WhatIf.add(told)) { WhatIf.by("list-title").focus(); }
        });
      }).catch(function () { WhatIf.showProblem(words.failed, ""); });
    });
  });
  WhatIf.by("removal").addEventListener("submit", function (event) { event.preventDefault(); });
  document.querySelectorAll("#forms details[open]").forEach(function (each) {
    if (!each.querySelector("[name=parcel]") || !each.querySelector("[name=parcel]").value) { each.open = false; }
  });
  WhatIf.drawList();
  WhatIf.drawChanges();
  if (WhatIf.changes.length && !WhatIf.by("problem").querySelector("b").textContent) { ask(); }
})();
