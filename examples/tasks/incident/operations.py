"""A cloud-operations agent in an incident. It may look; before it restarts anything, a person must agree to that very thing.

operations.py DESK   a folder for what it says and is told.
"""
import os
import sys
import time

from resource import use
from task import authorize, expect, say

CLOUD, desk = "https://cloud.example.org", sys.argv[1]


def ask(action, service, approval=""):
    return authorize("cloud", action, f"{CLOUD}/production/{service}", audience="cloud", approval=approval)


def tell(name, text=""):
    with open(os.path.join(desk, name + ".new"), "w") as file:
        file.write(text)
    os.rename(os.path.join(desk, name + ".new"), os.path.join(desk, name))


def wait_for(name):
    while not os.path.exists(os.path.join(desk, name)):
        time.sleep(0.05)


expect("looks at web", use("GET", "/production/web", ask("observe", "web").token), 200)
asked = ask("restart", "web")
expect("asks to restart web", asked.outcome, "needs_approval")
tell("asked", asked.approval)
wait_for("approved")
expect("restarts the database with that approval", ask("restart", "database", asked.approval).outcome, "deny")
expect("restarts web with it", use("POST", "/production/web", ask("restart", "web", asked.approval).token), 200)
expect("restarts web with it again", ask("restart", "web", asked.approval).outcome, "deny")
say("goes on looking, at more and more")
with open(os.path.join(desk, "token"), "w") as pipe:
    pipe.write(ask("observe", "web").token)
while True:
    ask("observe", "web")
    time.sleep(0.05)
