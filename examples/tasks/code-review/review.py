"""An agent that reviews one pull request: before each step it asks, and gets a token for that step alone."""
from resource import use
from task import authorize, expect

GIT = "https://git.example.org"


def step(action, method, path):
    decision = authorize("repository", action, GIT + path, audience="git-api")
    if decision.outcome != "permit":
        return decision.reason
    return use(method, path, decision.token)


expect("reads src/cart.py", step("read", "GET", "/acme/shop/src/cart.py"), 200)
expect("reads src/tax.py", step("read", "GET", "/acme/shop/src/tax.py"), 200)
expect("reads another repository", step("read", "GET", "/acme/payroll/salaries.csv"), "NOT_GRANTED")
token = authorize("repository", "read", f"{GIT}/acme/shop/README.md", audience="git-api").token
expect("shows a token for README.md at src/cart.py", use("GET", "/acme/shop/src/cart.py", token), 403)
expect("shows the same token once more, where it was for", use("GET", "/acme/shop/README.md", token), 401)
expect("comments", step("comment", "POST", "/acme/shop/pulls/7"), 200)
expect("comments again", step("comment", "POST", "/acme/shop/pulls/7"), "EXHAUSTED")
expect("reads on, after the comment", step("read", "GET", "/acme/shop/src/cart.py"), "OUT_OF_ORDER")
