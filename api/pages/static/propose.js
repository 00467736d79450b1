// What the scripts of the pages of proposals share: the form, words, and the news that something has changed.
"use strict";
var Propose = {};

(function () {
  var start = JSON.parse(document.getElementById("start").textContent);
  var whole = new Intl.NumberFormat(start.language === "vi" ? "vi-VN" : "en-GB", { maximumFractionDigits: 0 });
  var heard = [];
  Propose.start = start;
  Propose.by = function (id) { return document.getElementById(id); };
  Propose.form = Propose.by("form");
  Propose.number = function (value) { return whole.format(Math.round(value) + 0); };
  Propose.say = function (key, values) {
    return start.words[key].replace(/%\((\w+)\)s/g, function (blank, name) { return values[name]; });
  };
  Propose.field = function (name) { return Propose.form ? Propose.form.elements[name] : null; };

  // `on(act)`: be told of changes; `changed(what)`: tell of one, "land" or "text".
  Propose.on = function (act) { heard.push(act); };
  Propose.changed = function (what) { heard.forEach(function (act) { act(what); }); };

  Propose.headers = function () {
    var seal = document.querySelector("meta[name=csrf]");
    return Object.assign({ "Accept": "application/json" }, seal ? { "X-CSRF-Token": seal.content } : {});
  };

  // An answer of the service, or null where the line is broken or it takes too long.
  Propose.send = function (address, body, signal) {
    var timer = null, late = new Promise(function (done) { timer = setTimeout(function () { done(null); }, 45000); });
    var asked = fetch(address, { method: "POST", body: body, headers: Propose.headers(), signal: signal }).then(function (answer) {
      if (answer.status === 502 || answer.status === 503 || answer.status === 504 || answer.status === 429) { return null; }
      return answer;
    }).catch(function (error) { if (error.name === "AbortError") { throw error; } return null; });
    return Promise.race([asked, late]).finally(function () { clearTimeout(timer); });
  };

  // Pauses between tries: 2, 4, 8, 16, 30, 30 … seconds.
  Propose.pause = function (tries) { return Math.min(30, Math.pow(2, tries + 1)); };
})();
