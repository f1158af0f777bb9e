"""What the process that does a task asks the agent, and what a resource server asks that is shown its tokens."""
import json
import sys
from collections import namedtuple

from grpc_call import Refused, call  # noqa: F401 – callers catch Refused
from message import Message, encode

IDENTITY, VERIFIER, WORKLOAD = "spiffeagent.task.v1.TaskIdentity", "spiffeagent.task.v1.TaskVerifier", "SpiffeWorkloadAPI"

Decision = namedtuple("Decision", "outcome reason detail token remaining approval")
Verdict = namedtuple("Verdict", "valid reason spiffe_id details chain")
OUTCOMES = ["unspecified", "permit", "deny", "needs_approval", "needs_intent_update"]


def authorize(kind, action, location="", audience="", approval="", **parameters):
    """May the task take this step? A permit comes with a token for it: one audience, one use, a minute at most."""
    asked = {1: kind, 2: action, 3: location, 9: json.dumps(parameters) if parameters else "", 10: audience}
    answer = Message(call(IDENTITY, "AuthorizeAction", encode({2: asked, 3: approval})))
    waiting = answer.messages(8)
    return Decision(OUTCOMES[answer.number(1)], answer.text(2), answer.text(3), answer.text(4), answer.number(6), waiting[0].text(1) if waiting else "")


def spawn(process_id, template, goal, grants):
    """A subtask of a child of this process, within what this process's own task is granted. Its task id."""
    task = {2: template, 3: {1: goal}, 4: json.dumps(grants), 8: {1: process_id}}
    return Message(call(IDENTITY, "SpawnSubtask", encode({2: task}))).text(1)


def complete(result=""):
    """The work is done: every credential of the task ends here."""
    call(IDENTITY, "CompleteTask", encode({2: result}))


def verify(token, audience, consume=False):
    """Whether a token counts now; with consume it never will again."""
    answer = Message(call(VERIFIER, "VerifyTask", encode({1: token, 3: audience, 4: int(consume)})))
    chain = [link.decode() for link in answer._fields.get(9, [])]
    return Verdict(bool(answer.number(1)), answer.text(2), answer.text(5), json.loads(answer.text(8) or "[]"), chain)


def x509_svid():
    """The task's certificate with its chain, its PKCS #8 key, and the bundle: DER, in memory, from the ordinary Workload API."""
    for svid in Message(call(WORKLOAD, "FetchX509SVID", b"")).messages(1):
        if "/task/" in svid.text(1):
            return svid.text(1), svid.content(2), svid.content(3), svid.content(4)
    raise LookupError("this process does no task")


def say(text):
    print(f"  {text}", flush=True)


def expect(what, seen, wanted):
    """Prints what was seen; the story ends here if it is not what it should be."""
    say(f"{what}: {seen}" + ("" if seen == wanted else f" – but it should be {wanted}"))
    if seen != wanted:
        sys.exit(1)
