"""A sandbox that plays Microsoft's side: sign-in, Graph calendar and mail, on a laptop.

`create_app(Sandbox())` is a WSGI application; `python -m outlook_sandbox` serves it.
"""

from outlook_sandbox.app import create_app
from outlook_sandbox.sandbox import Sandbox

__all__ = ["Sandbox", "create_app"]
