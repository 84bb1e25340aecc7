"""What the control plane refuses: 400 with a sentence."""

from outlook_sandbox.http import Answer, Refusal


def refused(message: str) -> Refusal:
    return Refusal(Answer.json({"error": {"code": "SandboxControl", "message": message}}, 400))
