// What is typed and drawn is kept in this browser until the service has it; sending goes on until it does, and makes one proposal.
"use strict";
(function () {
  var start = Propose.start, words = start.words, form = Propose.form;
  if (!form) { return; }
  var SCOPE = "sanchoi.draft/" + start.result + "/" + start.who + "/" + form.getAttribute("action") + "/", DAYS = 60;
  var NOBODYS = SCOPE.replace("/" + start.who + "/", "//"); // drawn before the log-in
  var NAMES = ["name", "land_use", "owner", "backer", "cost", "note", "geometry", "source", "parcel_id", "epsg", "key", "revision"];
  var sending = Propose.by("sending"), banner = Propose.by("kept"), timer = null, tries = 0, busy = false;
  var first = JSON.stringify(told());

  function store(act) { try { return act(window.localStorage); } catch (error) { return null; } }

  function told() {
    var found = {};
    NAMES.forEach(function (name) { if (form.elements[name]) { found[name] = form.elements[name].value; } });
    return found;
  }

  function keep() {
    var now = told();
    if (JSON.stringify(now) === first) { return; }
    store(function (shelf) { shelf.setItem(SCOPE + now.key, JSON.stringify({ at: Date.now(), told: now })); });
  }

  function forget(key) { store(function (shelf) { shelf.removeItem(SCOPE + key); shelf.removeItem(NOBODYS + key); }); }

  function kept() {
    return store(function (shelf) {
      return Object.keys(shelf).filter(function (name) { return name.indexOf(SCOPE) === 0 || name.indexOf(NOBODYS) === 0; }).map(function (name) {
        try { return JSON.parse(shelf.getItem(name)); } catch (error) { return null; }
      }).filter(function (each) { return each && each.told && Date.now() - each.at < DAYS * 864e5; }).sort(function (a, b) { return b.at - a.at; });
    }) || [];
  }

  function open(each) {
    NAMES.forEach(function (name) {
      var input = form.elements[name];
      if (!input || each.told[name] === undefined || (name === "revision" && !each.told[name])) { return; }
      if (input.tagName === "SELECT" && !Array.from(input.options).some(function (o) { return o.value === each.told[name]; })) { return; }
      input.value = each.told[name];
    });
    banner.hidden = true;
    clear();
    if (Propose.open) { Propose.open(each.told.geometry, true); }
    Propose.by("details").hidden = false;
    Propose.changed("land");
  }

  // Beside a picture of land that was typed or came from a file, other land cannot be opened.
  function fits(each) { return Propose.open || each.told.geometry === form.elements.geometry.value; }

  function offer() {
    var found = kept().filter(function (each) { return each.told.key !== form.elements.key.value && fits(each); }).slice(0, 3);
    banner.textContent = "";
    banner.hidden = !found.length;
    found.forEach(function (each) {
      var line = document.createElement("p"), when = new Date(each.at);
      var day = when.toLocaleString(start.language === "vi" ? "vi-VN" : "en-GB", { dateStyle: "short", timeStyle: "short" });
      line.textContent = Propose.say("kept", { when: day, what: each.told.name || words.unnamed }) + " ";
      [["open_kept", function () { open(each); }], ["drop_kept", function () { forget(each.told.key); offer(); }]].forEach(function (pair, k) {
        var button = document.createElement("button");
        button.type = "button";
        button.className = k ? "pale" : "";
        button.textContent = words[pair[0]];
        button.addEventListener("click", pair[1]);
        line.appendChild(button);
        line.appendChild(document.createTextNode(" "));
      });
      banner.appendChild(line);
    });
  }

  function faults(found) {
    Object.keys(found).forEach(function (name) {
      var input = form.elements[name];
      if (!input || input.type === "hidden") { return; }
      var line = document.createElement("p");
      line.className = "fault";
      line.id = name + "-fault";
      line.textContent = found[name];
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-describedby", line.id);
      input.parentNode.appendChild(line);
    });
    var bad = form.querySelector("[aria-invalid=true]");
    if (bad) { bad.focus(); }
  }

  function mended(input) {
    var line = Propose.by(input.name + "-fault");
    if (line) { line.remove(); }
    input.removeAttribute("aria-invalid");
  }

  function clear() {
    form.querySelectorAll("[aria-invalid]").forEach(mended);
    sending.textContent = "";
    sending.className = "";
  }

  function say(text, bad) { sending.textContent = text; sending.className = bad ? "problem" : "note"; }

  function send() {
    clearTimeout(timer);
    busy = true;
    say(words.sending);
    var body = new FormData(form);
    body.set("do", "save");
    Propose.send(form.getAttribute("action"), body).then(function (answer) {
      if (answer === null) { later(); return null; }
      busy = false;
      if (answer.status === 401 || answer.status === 403) { out(); return null; }
      if (!/json/.test(answer.headers.get("content-type") || "")) { natively(); return null; }
      return answer.json().then(function (told) {
        if (answer.ok && told.location) { forget(form.elements.key.value); first = JSON.stringify(told_()); location.assign(told.location); return; }
        clear();
        say([told.title, told.detail || (told.faults && told.faults.geometry)].filter(Boolean).join(": "), true);
        if (!sending.textContent) { sending.className = ""; }
        faults(told.faults || {});
      });
    }).catch(later);
  }

  function told_() { return told(); }

  function later() {
    var pause = Propose.pause(tries);
    tries += 1;
    busy = true;
    say(Propose.say("unsent", { s: pause }), true);
    timer = setTimeout(send, pause * 1000);
  }

  // Whoever is no longer logged in goes to do so and finds the draft again here.
  function out() {
    say(words.login + " ", true);
    var link = document.createElement("a");
    link.href = start.login;
    link.textContent = words.log_in;
    sending.appendChild(link);
  }

  // What needs a page of its own (somebody else was faster, it was saved before) is shown by the service.
  function natively() {
    var mark = document.createElement("input");
    mark.type = "hidden";
    mark.name = "do";
    mark.value = "save";
    form.appendChild(mark);
    form.submit();
  }

  form.addEventListener("submit", function (event) {
    if (event.submitter && event.submitter.value === "look") { return; }
    event.preventDefault();
    keep();
    if (busy && !timer) { return; }
    tries = 0;
    clear();
    send();
  });
  // What was wrong is told until it is changed.
  function change(event) { mended(event.target); keep(); }
  form.addEventListener("input", change);
  form.addEventListener("change", change);
  Propose.on(function (what) { if (what === "land" && !busy) { sending.textContent = ""; sending.className = ""; } });
  Propose.on(keep);
  window.addEventListener("online", function () { if (busy && tries) { send(); } });
  offer();
})();
