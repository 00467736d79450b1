// Follows a job: the bar and the words move as the server tells; at its end the page is renewed in place.
"use strict";
(function () {
  var job = document.getElementById("job"), said = document.getElementById("said");
  if (!job || !job.dataset.events || !window.EventSource) { return; }
  var source = new EventSource(job.dataset.events), last = said.dataset.last;

  function by(id) { return document.getElementById(id); }

  function tell(event) {
    var told = JSON.parse(event.data);
    by("bar").value = told.progress;
    by("percent").textContent = told.progress;
    by("state").textContent = told.status_words;
    var stage = told.status === "running" && told.stage_words ? told.stage_words : "";
    by("stage").textContent = stage.charAt(0).toUpperCase() + stage.slice(1);
    by("waits").hidden = told.status !== "accepted";
    var words = told.status_words + (stage ? ": " + stage : "");
    if (words !== last) { last = said.textContent = words; }
  }

  function renew() {
    fetch(location.href, { headers: { Accept: "text/html" } }).then(function (answer) {
      if (!answer.ok) { throw new Error(answer.status); }
      return answer.text();
    }).then(function (text) {
      var fresh = new DOMParser().parseFromString(text, "text/html");
      var within = job.contains(document.activeElement);
      job.replaceWith(document.adoptNode(fresh.getElementById("job")));
      document.title = fresh.title;
      if (within) { by("main").focus(); }
    }).catch(function () { by("refresh").hidden = false; });
  }

  by("refresh").hidden = true;
  source.addEventListener("progress", tell);
  source.addEventListener("done", function (event) {
    source.close();
    said.textContent = JSON.parse(event.data).status_words;
    renew();
  });
  source.addEventListener("error", function () {
    if (source.readyState === EventSource.CLOSED) { renew(); }
  });
})();
