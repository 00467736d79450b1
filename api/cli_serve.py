"""`sanchoi serve`: its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def serve(
    found: Annotated[
        list[Path], typer.Argument(metavar="RESULT…", help="Folders that sanchoi run wrote, or folders that hold such.")
    ],
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Where to listen; 0 = any that is free.")] = 8000,
    host: Annotated[
        str, typer.Option(help="Address to listen at: 127.0.0.1 for this machine alone, 0.0.0.0 for all.")
    ] = "127.0.0.1",
    data: Annotated[
        Path, typer.Option(metavar="DIR", help="The service's own folder: its database, and results of jobs.")
    ] = Path("sanchoi-data"),
    database: Annotated[
        str, typer.Option(metavar="URL", help="postgresql://…, else SQLite in the service's own folder.")
    ] = "",
    workers: Annotated[int, typer.Option(min=1, help="Processes that answer, at most one a processor.")] = 2,
    base_url: Annotated[
        str, typer.Option(metavar="URL", help="Address that links are made with, behind a proxy.")
    ] = "",
    private: Annotated[bool, typer.Option("--private", help="Let only those look who have logged in.")] = False,
    guarded: Annotated[
        bool | None,
        typer.Option(
            "--guarded/--open",
            help="Whether saving scenarios and starting jobs needs an account. Unless said: yes, except on this machine alone.",
            show_default=False,
        ),
    ] = None,
    oidc_issuer: Annotated[
        str, typer.Option(metavar="URL", help="A log-in service (OpenID Connect) besides passwords.")
    ] = "",
    oidc_client: Annotated[
        str, typer.Option(metavar="ID", help="Id of this service there. Its secret: SANCHOI_OIDC_SECRET, or the file.")
    ] = "",
    oidc_secret: Annotated[
        Path | None, typer.Option("--oidc-secret-file", metavar="FILE", help="File with the secret.")
    ] = None,
    oidc_name: Annotated[str, typer.Option(metavar="NAME", help="What people call it, for the button.")] = "",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Serve results over HTTP: pages, interfaces for programs and QGIS, what-if and jobs. Ctrl+C stops it."""
    from sanchoi.api import serve as serving  # what the service needs is loaded by this command alone
    from sanchoi.api.settings import Settings

    settings = Settings(
        tuple(found),
        data,
        database,
        base_url,
        private=private,
        guarded=serving.guards(host, base_url, private) if guarded is None else guarded,
        oidc=serving.login_service(oidc_issuer, oidc_client, oidc_name, oidc_secret),
    )
    code = serving.serve(settings, host, port, workers, quiet)
    if code:
        raise typer.Exit(code)
