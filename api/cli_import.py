"""`sanchoi import`: bring in what others filled in. `sanchoi import survey`: forms of communes that nobody had surveyed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text
from sanchoi.api.clock import VIETNAM
from sanchoi.api.show import as_record, err, print_json
from sanchoi.api.show import out as screen
from sanchoi.gis.errors import SanchoiError, StudyError, exit_code
from sanchoi.gis.survey_form import Faults

app = typer.Typer(help="Bring in what others filled in.", no_args_is_help=True)


@app.callback()
def common() -> None:
    """Bring in what others filled in."""


@app.command()
def survey(
    forms: Annotated[list[Path], typer.Argument(metavar="FORM…", help="Filled forms: .xlsx or .gpkg.")],
    study: Annotated[Path, typer.Option("--study", metavar="STUDY", help="Folder that holds study.toml.")],
    folder: Annotated[Path, typer.Option("--out", metavar="NEWSTUDY", help="A new folder for the surveyed study.")],
    language: Annotated[str, typer.Option("--lang", help="Language of what is said: vi or en.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON value instead of text.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Check filled survey forms, and write a study in which their communes are surveyed. STUDY is never changed."""
    from sanchoi.api import survey_study
    from sanchoi.api.exporting.survey import counts

    if language not in ("vi", "en"):
        raise StudyError(f"--lang {language}", "vi or en", "choose one of them")
    try:
        done = survey_study.bring(forms, study, folder, datetime.now(VIETNAM).date(), counts)
    except Faults as error:
        _show(error, language, as_json)
        raise typer.Exit(exit_code(error.faults[0])) from error
    except SanchoiError as error:
        if language == "vi" and error.vi:
            raise type(error)(*error.vi.split(" · ", 2)) from error
        raise
    side = language == "en"
    if as_json:
        print_json(
            {
                "out": str(folder),
                "communes": [
                    {
                        "commune_id": one.form.commune_id,
                        "name": one.form.commune,
                        "form_id": one.form.form_id,
                        "surveyor": one.surveyor,
                        "surveyed_on": one.day.isoformat(),
                        "new": sum(area.check == "new" for area in one.areas),
                        "kept": sum(area.check != "new" for area in one.areas),
                        "gone": len(one.gone),
                    }
                    for one in done.surveys
                ],
                "remarks": [{"vi": vi, "en": en} for vi, en in done.remarks],
            }
        )
    elif not quiet:
        for each in done.remarks:
            screen.print(Text(f"· {each[side]}"), soft_wrap=True)
        told = (
            f"nghiên cứu mới: {folder}; tính tiếp: sanchoi run {folder}",
            f"new study: {folder}; next: sanchoi run {folder}",
        )
        screen.print(Text(told[side]), soft_wrap=True)


def _show(error: Faults, language: str, as_json: bool) -> None:
    """Everything that is wrong, one line each: what came, what was expected, what to do."""
    if as_json:
        print_json({"errors": [{**as_record(each), "vi": each.vi} for each in error.faults]})
        return
    for each in error.faults:
        err.print(Text(f"· {each.vi if language == 'vi' and each.vi else each}", style="red"), soft_wrap=True)
    n = len(error.faults)
    told = (f"{n} chỗ phải sửa; chưa ghi gì", f"{n} {'thing' if n == 1 else 'things'} to mend; nothing was written")
    err.print(Text(told[language == "en"]))
