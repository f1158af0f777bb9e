"""A job that does one thing once."""
from resource import use
from task import authorize, expect


def ask(amount):
    return authorize("invoices", "post", "https://billing.example.org/invoices/4711", audience="billing", amount=amount)


expect("asks for 1000", ask(1000).reason, "NOT_GRANTED")
token = ask(80).token
expect("posts an invoice over 80", use("POST", "/invoices/4711", token), 200)
expect("posts it again with the same token", use("POST", "/invoices/4711", token), 401)
expect("asks for another token", ask(80).reason, "EXHAUSTED")
