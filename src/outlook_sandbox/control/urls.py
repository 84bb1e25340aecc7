"""Paths of the control plane."""

from werkzeug.routing import Map, Rule

URLS = Map(
    [
        Rule("/sandbox/reset", endpoint="reset", methods=["POST"]),
        Rule("/sandbox/seed", endpoint="seed", methods=["POST"]),
        Rule("/sandbox/state", endpoint="get_state", methods=["GET"]),
        Rule("/sandbox/state", endpoint="put_state", methods=["PUT"]),
        Rule("/sandbox/switches", endpoint="get_switches", methods=["GET"]),
        Rule("/sandbox/switches", endpoint="put_switches", methods=["PUT"]),
        Rule("/sandbox/clock", endpoint="get_clock", methods=["GET"]),
        Rule("/sandbox/clock", endpoint="post_clock", methods=["POST"]),
        Rule("/sandbox/accounts", endpoint="get_accounts", methods=["GET"]),
        Rule("/sandbox/accounts", endpoint="post_account", methods=["POST"]),
        Rule("/sandbox/apps", endpoint="get_apps", methods=["GET"]),
        Rule("/sandbox/apps", endpoint="post_app", methods=["POST"]),
        Rule("/sandbox/mail", endpoint="get_mail", methods=["GET"]),
        Rule("/sandbox/requests", endpoint="get_requests", methods=["GET"]),
        Rule("/sandbox/requests", endpoint="delete_requests", methods=["DELETE"]),
        Rule("/sandbox/faults", endpoint="get_faults", methods=["GET"]),
        Rule("/sandbox/faults", endpoint="post_fault", methods=["POST"]),
        Rule("/sandbox/faults", endpoint="delete_faults", methods=["DELETE"]),
    ]
)
