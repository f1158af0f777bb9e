"""A support agent at work on a ticket, until somebody says that it is closed."""
import sys

from resource import use
from task import authorize, say

DESK, ticket = "https://desk.example.org", sys.argv[1]


def ask(action):
    return authorize("ticket", action, f"{DESK}/tickets/{ticket}", audience="desk-api")


say(f"{ticket}: reads it: {use('GET', f'/tickets/{ticket}', ask('read').token)}")
held = ask("reply").token
say(f"{ticket}: holds a token for a reply")
sys.stdin.readline()
say(f"{ticket}: shows that token: {use('POST', f'/tickets/{ticket}', held)}")
try:
    decision = ask("reply")
    say(f"{ticket}: asks for another: {decision.reason or decision.outcome}")
except Exception as refusal:
    say(f"{ticket}: asks for another: {refusal}")
