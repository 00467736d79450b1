// A list that was asked for and did not come: the page is loaded with it, which says why; the old list does not stay beside the new filter.
(function () {
  "use strict";
  ["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach(function (name) {
    document.addEventListener(name, function (event) { location.assign(event.detail.pathInfo.finalRequestPath); });
  });
})();
