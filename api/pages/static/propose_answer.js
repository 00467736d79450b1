// The answer while one draws: asked after a short pause, the newest wins, and a weak line is waited for.
"use strict";
(function () {
  var start = Propose.start, words = start.words, form = Propose.form;
  var panel = Propose.by("answer"), before = Propose.by("no-answer"), waiting = Propose.by("waiting");
  if (!form || !panel) { return; }
  var WAIT_MS = 450, timer = null, running = null, tries = 0;
  var LAND = ["land_use", "owner", "cost"];

  function soon(pause) { clearTimeout(timer); timer = setTimeout(ask, pause); }

  // An answer that is on its way is to the land before; over the map nothing is said until the new one comes.
  function anew(pause) {
    tries = 0;
    if (running) { running.abort(); running = null; }
    panel.classList.add("waiting");
    over({});
    soon(pause);
  }

  function body() {
    var told = new FormData(form);
    told.set("do", "look");
    return told;
  }

  function ask() {
    if (!Propose.field("geometry").value) { none(); return; }
    if (running) { running.abort(); }
    var mine = running = new AbortController();
    waiting.textContent = words.asking;
    panel.classList.add("waiting");
    Propose.send(start.ask, body(), mine.signal).then(function (answer) {
      if (mine !== running) { return null; }
      if (answer === null) { again(); return null; }
      if (answer.status === 401 || answer.status === 403) { none(); before.hidden = true; waiting.textContent = words.login; return null; }
      return answer.json().then(function (told) { if (mine === running) { show(told); } });
    }).catch(function (error) { if (error.name !== "AbortError" && mine === running) { again(); } });
  }

  // What was said of other land is taken away, also where the line is broken.
  function none() {
    clearTimeout(timer);
    if (running) { running.abort(); running = null; }
    show({});
  }

  function again() {
    var pause = Propose.pause(tries);
    tries += 1;
    panel.innerHTML = "";
    over({});
    waiting.textContent = Propose.say("offline", { s: pause });
    soon(pause * 1000);
  }

  function over(told) {
    var short = Propose.by("short"), head = panel.querySelector(".headline, .problem");
    if (short) { short.hidden = told.html === undefined || !head; short.firstElementChild.textContent = short.hidden ? "" : told.sentence || head.textContent; }
    if (Propose.showUsable) { Propose.showUsable(told.usable, told.verdict); }
  }

  // A refusal that is no page: too much, too often, gone.
  function refusal(told) {
    var box = document.createElement("div");
    box.className = "problem";
    [told.title, told.detail].forEach(function (text) { if (text) { box.appendChild(document.createElement("p")).textContent = text; } });
    return box.outerHTML;
  }

  function show(told) {
    tries = 0;
    waiting.textContent = "";
    panel.classList.remove("waiting");
    var open = Array.from(panel.querySelectorAll("details")).map(function (each) { return each.open; });
    if (told.html === undefined && told.title) { told.html = refusal(told); }
    panel.innerHTML = told.html === undefined ? "" : told.html;
    before.hidden = told.html !== undefined;
    Array.from(panel.querySelectorAll("details")).forEach(function (each, k) { each.open = Boolean(open[k]); });
    over(told);
  }

  Propose.on(function (what) { if (what === "land") { if (Propose.field("geometry").value) { anew(WAIT_MS); } else { none(); } } });
  LAND.forEach(function (name) {
    form.elements[name].addEventListener("change", function () { if (Propose.field("geometry").value) { anew(0); } });
  });
  window.addEventListener("online", function () { if (tries) { soon(0); } });
  Propose.by("look").addEventListener("click", function (event) { event.preventDefault(); tries = 0; soon(0); });
})();
