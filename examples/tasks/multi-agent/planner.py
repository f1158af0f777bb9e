"""An agent with two subagents: each is another process with an identity of its own, and can do less than its parent."""
import os
import subprocess
import sys

from task import authorize, complete, expect, say, spawn, verify

PAPERS = "https://library.example.org/papers"


def worker():
    return subprocess.Popen([sys.executable, os.path.join(os.path.dirname(__file__), "worker.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def tell(process, *words):
    process.stdin.write(" ".join(words) + "\n")
    process.stdin.flush()
    return process.stdout.readline().strip()


def right(*actions, uses):
    return [{"type": "library", "actions": list(actions), "locations": [PAPERS], "audiences": ["library"], "constraints": {"max_uses": uses}}]


def seen(answer):
    return "permit" if answer.count(".") == 2 else answer


searcher, writer, stranger = worker(), worker(), worker()
spawn(searcher.pid, "worker", "find papers", right("search", uses=3))
spawn(writer.pid, "worker", "write the summary", right("write", uses=1))
say("two subtasks began")

token = tell(searcher, "search", "/papers/2026")
expect("the searcher searches", seen(token), "permit")
verdict = verify(token, "library", consume=True)
expect("as the library sees it, on behalf of", verdict.chain[0].split("/task/")[0], "spiffe://example.org/agent/planner")
expect("the searcher writes", seen(tell(searcher, "write", "/papers/2026")), "NOT_GRANTED")
expect("the writer writes", seen(tell(writer, "write", "/papers/2026")), "permit")
expect("the writer writes again", seen(tell(writer, "write", "/papers/2026")), "EXHAUSTED")
expect("the searcher searches elsewhere", seen(tell(searcher, "search", "/letters")), "NOT_GRANTED")
expect("a child without a subtask searches", seen(tell(stranger, "search", "/papers/2026")), "NO_TASK")
expect("left of the planner's 10 uses, after 3 and 1 were handed on and one is used", authorize("library", "search", PAPERS, audience="library").remaining, 5)

held = tell(searcher, "search", "/papers/2025")
complete("the summary is written")
say("the planner is done")
expect("the searcher's token counts", verify(held, "library").valid, False)
expect("the searcher searches", seen(tell(searcher, "search", "/papers/2026")) == "permit", False)
for process in (searcher, writer, stranger):
    process.stdin.close()
    process.wait()
