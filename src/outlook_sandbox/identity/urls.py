"""Paths of the sign-in side."""

from werkzeug.routing import Map, Rule

URLS = Map(
    [
        Rule("/<tenant>/oauth2/v2.0/authorize", endpoint="authorize", methods=["GET", "POST"]),
        Rule("/<tenant>/oauth2/v2.0/token", endpoint="token"),
        Rule("/<tenant>/oauth2/v2.0/logout", endpoint="logout", methods=["GET", "POST"]),
        Rule("/<tenant>/sign-in", endpoint="sign_in", methods=["POST"]),
        Rule("/<tenant>/consent", endpoint="consent", methods=["POST"]),
        Rule("/<tenant>/v2.0/adminconsent", endpoint="admin_consent", methods=["GET", "POST"]),
        Rule("/<tenant>/adminconsent", endpoint="admin_consent", methods=["GET", "POST"]),
        Rule(
            "/<tenant>/v2.0/.well-known/openid-configuration",
            endpoint="openid_configuration",
            methods=["GET"],
        ),
        Rule("/<tenant>/discovery/v2.0/keys", endpoint="keys", methods=["GET"]),
        Rule("/<tenant>/discovery/instance", endpoint="instance_discovery", methods=["GET"]),
        Rule("/oidc/userinfo", endpoint="userinfo", methods=["GET", "POST"]),
        Rule("/error", endpoint="error_page", methods=["GET"]),
    ],
    strict_slashes=False,
)
