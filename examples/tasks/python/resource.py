"""The client of resource_server.py: shows a token, returns the status."""
import os
from http.client import HTTPConnection


def use(method, path, token):
    connection = HTTPConnection("127.0.0.1", int(os.environ["RESOURCE_PORT"]), timeout=30)
    connection.request(method, path, headers={"Authorization": f"Bearer {token}"})
    return connection.getresponse().status
