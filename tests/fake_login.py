"""A log-in service on loopback for tests of OpenID Connect: it says what a test tells it to, rightly signed or not."""

import base64
import contextlib
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "san-choi", "a secret / with % signs"


class Provider:
    """What it says next: `claims` are laid over the right ones, `key` signs, `header` is laid over the right one."""

    def __init__(self):
        self.first, self.other = (RSAKey.generate_key(2048, {"kid": "1"}) for _ in range(2))
        self.issuer = ""
        self.begin()

    def begin(self):
        """All as it was at first."""
        self.key = self.own = self.first
        self.claims, self.header, self.asked, self.codes, self.reuse = {}, {}, [], {}, False

    def authorize(self, address):
        """As a browser that has logged in there: gives the address that it is sent back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?code={code}&state={asked['state']}"

    def token(self, form, authorization):
        name, _, secret = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        asked = self.codes[form["code"]] if self.reuse else self.codes.pop(form["code"], None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
        right = (CLIENT, "a%20secret%20%2F%20with%20%25%20signs")
        if asked is None or proof != asked["code_challenge"] or (name, secret) != right:
            return 400, {"error": "invalid_grant"}
        assert form["redirect_uri"] == asked["redirect_uri"]
        at = int(time.time())
        claims = {"iss": self.issuer, "sub": "42", "aud": CLIENT, "exp": at + 300, "iat": at, "nonce": asked["nonce"]}
        claims = {name: value for name, value in {**claims, **self.claims}.items() if value is not None}
        header = {"alg": "RS256", "kid": "1", **self.header}
        raw = jwt.encode(header, claims, self.key, algorithms=["RS256", "HS256"])
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": raw}


@contextlib.contextmanager
def provider():
    """One that runs."""
    made = Provider()

    class Handler(BaseHTTPRequestHandler):
        def answer(self, status, content):
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self):
            made.asked.append(self.path)
            if self.path == "/.well-known/openid-configuration":
                places = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/keys"}
                self.answer(200, {"issuer": made.issuer} | {k: made.issuer + v for k, v in places.items()})
            elif self.path == "/keys":
                self.answer(200, {"keys": [made.own.as_dict(private=False)]})
            else:
                self.answer(404, {})

        def do_POST(self):
            made.asked.append(self.path)
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            told = {name: values[0] for name, values in form.items()}
            self.answer(*made.token(told, self.headers.get("Authorization", "")))

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
