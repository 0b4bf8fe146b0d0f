"""A story of four JSON-RPC clients of PyPI: a result, an error, and that no error is taken for success."""

import os

import jsonrpclib
import requests
from jsonrpc_requests import ProtocolError, Server
from jsonrpcclient import Error, Ok, parse, request
from pjrpc.client.backend import requests as pjrpc_client

url = os.environ["CARDFILE_URL"] + "/api/jsonrpcserver?version=3.0"
key = os.environ["CARDFILE_KEY"]


def jsonrpcclient(method, *params):
    answer = parse(requests.post(url, json=request(method, params=[key, *params])).json())
    return answer.result if isinstance(answer, Ok) else answer.code


def jsonrpc_requests(method, *params):
    try:
        return Server(url).send_request(method, False, [key, *params])
    except ProtocolError as error:
        return error.server_data["error"]["code"] if hasattr(error, "server_data") else error.jsonrpc_error_code


def pelix(version):
    def call(method, *params):
        server = jsonrpclib.Server(url, version=version)
        try:
            return getattr(server, method)(key, *params)
        except jsonrpclib.ProtocolError as error:
            return error.args[0][0]

    return call


def pjrpc(method, *params):
    client = pjrpc_client.Client(url)
    try:
        return client.call(method, key, *params)
    except Exception as error:
        return error.code


clients = {
    "jsonrpcclient": jsonrpcclient,
    "jsonrpc-requests": jsonrpc_requests,
    "jsonrpclib-pelix 1.0": pelix(1.0),
    "jsonrpclib-pelix 2.0": pelix(2.0),
    "pjrpc": pjrpc,
}
for name, call in clients.items():
    email = name.replace(" ", "") + "@three.example"
    added = call("addContacts", 1, [{"Email": email}])
    number = dict(added)["0"]
    assert call("countContacts", 1, [["Email", "exactly", email]]) == 1, name
    assert call("deleteContacts", 1, [number, 999]) == {str(number): True, "999": False}, name
    assert call("deleteContacts", 999, [1]) == 303, name
    assert call("deleteContacts", 1, [], [["Email", "equal", "x"]]) == 311, name
    assert call("nosuch") == 104, name
    print(f"{name}: all as told")
