"""Words that the scripts of the pages of proposals say, in the page's language."""

from __future__ import annotations

from collections.abc import Sequence

from sanchoi.api.pages.tongue import Tongue


def script(t: Tongue, own: Sequence[str]) -> dict[str, str]:
    """By key; blanks %(name)s are filled by the script. `own`: names of the communes that may be proposed for."""
    _ = t.gettext
    outside = (
        t.say(
            "This place is outside %(names)s, for which you may propose. Touch the part of the map that is not grey.",
            names=", ".join(own),
        )
        if own
        else _("This place is outside the study.")
    )
    return {
        "hint_start": _("Touch the map at each corner of the land, one after the other, going around it."),
        "hint_more": _("%(n)s corners. Touch the next corner, or press “Done” when you have gone around."),
        "hint_done": _("The land is drawn. Drag a corner to move it. Then fill in the form below."),
        "hint_fixed": _("This land has several parts or many corners; it is shown and cannot be drawn here."),
        "hint_keys": _(
            "With the keyboard: arrow keys move the map under the cross, Enter puts a corner, Backspace undoes."
        ),
        "outside": outside,
        "few": _("Land needs at least 3 corners."),
        "crosses": _("The outline crosses itself, like an 8. Drag the corners so that it goes once around the land."),
        "corner": _("Corner %(n)s"),
        "corner_keys": _("Corner %(n)s: arrow keys move it, Delete takes it away"),
        "corner_name": _("Corner"),
        "x_north": _("X (north), m"),
        "y_east": _("Y (east), m"),
        "row": _("row %(n)s"),
        "or_type": _("Or type it here, number by number:"),
        "remove": _("Remove"),
        "remove_corner": _("Remove corner %(n)s"),
        "unread": _("“%(text)s” cannot be read. Write latitude and longitude, such as 15.8000, 108.4300."),
        "area": _("About %(m2)s m²"),
        "asking": _("Working it out …"),
        "offline": _("No answer yet: the line is weak or broken. Trying again in %(s)s seconds. Go on drawing."),
        "sending": _("Sending …"),
        "unsent": _(
            "Not sent yet: the line is weak or broken. What you wrote is kept in this browser. "
            "Trying again in %(s)s seconds."
        ),
        "login": _(
            "You are not logged in any more. What you wrote is kept in this browser: log in, then open it again here."
        ),
        "log_in": _("Log in"),
        "kept": _("There is an unsent draft of %(when)s in this browser: %(what)s."),
        "unnamed": _("without a name"),
        "open_kept": _("Open it again"),
        "drop_kept": _("Throw it away"),
    }
