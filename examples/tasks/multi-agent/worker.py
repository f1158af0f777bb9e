"""A subagent. It begins when its parent says so, does what it is told line by line, and knows nothing that its parent knows."""
import sys

from task import Refused, authorize


def answer(action, path):
    try:
        decision = authorize("library", action, f"https://library.example.org{path}", audience="library")
        return decision.token if decision.outcome == "permit" else decision.reason
    except Refused:
        return "NO_TASK"


for line in sys.stdin:
    print(answer(*line.split()), flush=True)
