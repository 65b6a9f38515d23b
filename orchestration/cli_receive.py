"""The command `quorum receive`."""

from __future__ import annotations

import click

from orchestration.exits import told


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen; behind a proxy that speaks TLS.")
@click.option("--port", default=8790, show_default=True)
def receive(host: str, port: int) -> None:
    """Take deployments and incidents that pipelines post, until Ctrl-C.

    They wait, encrypted, in the home for the next night. quorum.yaml names the token, `systems.events.inbox`;
    docs/events.md tells what to send.

    \b
    Example
      curl -H "Authorization: Bearer $TOKEN" --data-binary @event.json http://127.0.0.1:8790/
    """
    with told():
        from orchestration.config import load
        from orchestration.connections import inbox_token
        from orchestration.inbox import inbox
        from orchestration.receiver import serve

        settings = load()
        token = inbox_token(settings)
        box = inbox(settings)
        click.echo(f"POST http://{host}:{port}/")
        serve(box, token, host, port)
