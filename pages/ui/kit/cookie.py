"""The cookie of a sign-in: set by an answer of the server, so that no script can read it."""

from datetime import UTC, datetime
from typing import Any

import anyio
import jwt
from starlette.requests import Request
from starlette.responses import Response

from pages.ui.kit import gate

NAME = "aftercare"
ROUTE = "/api/cookie"
KIND = "HS256"


def secret_in(token: str, key: str) -> str | None:
    """The secret of a sign-in that a cookie carries; None where it is not ours, or too old."""
    found = _claims(token, key).get("sid")
    return found if isinstance(found, str) else None


def token_of(secret: str, until: datetime, key: str) -> str:
    """What the cookie of a sign-in carries."""
    return jwt.encode({"sid": secret, "exp": until}, key, algorithm=KIND)


async def keep(request: Request) -> Response:
    """Set the cookie that a window asks for, if it is one of ours."""
    token = (await request.body()).decode("latin-1")
    company = await anyio.to_thread.run_sync(gate.find_company)
    claims = _claims(token, company.cookie_key) if company else {}
    if "sid" not in claims:
        return Response(status_code=403)
    answer = Response(status_code=204, headers={"Cache-Control": "no-store"})
    answer.set_cookie(
        NAME,
        token,
        expires=datetime.fromtimestamp(claims["exp"], UTC),
        httponly=True,
        samesite="strict",
        # Behind a proxy that speaks HTTPS we may be asked by HTTP: the window knows.
        secure=request.url.scheme == "https" or request.url.query == "secure",
    )
    return answer


def _claims(token: str, key: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = jwt.decode(token, key, algorithms=[KIND])
    except jwt.InvalidTokenError:
        return {}
    return found
