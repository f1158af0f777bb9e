"""A job: says whether it may push, waits, and says it again."""
import sys

from task import Refused, authorize, say


def push():
    try:
        decision = authorize("registry", "push", "https://registry.example.org/acme/shop/web", audience="registry")
        return decision.reason or decision.outcome
    except Refused as refusal:
        return str(refusal)


say(f"pushes: {push()}")
sys.stdin.readline()
say(f"pushes later: {push()}")
