#!/usr/bin/env python3
"""Calls the demo's APIs so that every outcome occurs: traffic.py URL [SECONDS]. Without SECONDS it goes on until it is stopped.

Python's standard library only. Prints how often each status was answered when it ends.
"""
import base64
import collections
import hashlib
import hmac
import http.client
import os
import signal
import socket
import sys
import threading
import time
import urllib.parse
import uuid

APP_KEY = os.environ.get("APP_KEY", "20300001")
APP_SECRET = os.environ.get("APP_SECRET", "demo-only-appsecret-of-fcApp")
APP_CODE = os.environ.get("APP_CODE", "demo-only-appcode-of-fcApp")

CALLERS = 4
PAUSE = 0.02  # Seconds between two calls of a caller.
LEAVE = object()  # In place of headers: the caller hangs up before the answer comes.


def signed(method, path):
    """Headers of a request that the demo's app signs: HmacSHA256, no body."""
    headers = {
        "Accept": "application/json",
        "X-Ca-Key": APP_KEY,
        "X-Ca-Nonce": str(uuid.uuid4()),
        "X-Ca-Timestamp": str(int(time.time() * 1000)),
    }
    names = sorted(name for name in headers if name.startswith("X-Ca-"))
    lines = [method, headers["Accept"], "", "", ""] + [f"{name}:{headers[name]}" for name in names] + [path]
    digest = hmac.new(APP_SECRET.encode(), "\n".join(lines).encode(), hashlib.sha256).digest()
    return headers | {"X-Ca-Signature-Headers": ",".join(names), "X-Ca-Signature": base64.b64encode(digest).decode()}


def schedule():
    """One round of calls: method, path, body, headers. Mostly good ones, as in life."""
    good = [
        ("GET", "/hello/ann", None, {}),
        ("POST", "/hello/ben", '{"order": 7}', {"Content-Type": "application/json"}),
        ("GET", "/python/cleo", None, {}),
        ("GET", "/web/anything", None, {}),
    ]
    app = [
        ("GET", "/", None, {"Authorization": f"APPCODE {APP_CODE}"}),
        ("GET", "/", None, signed("GET", "/")),
    ]
    trouble = [
        ("GET", "/", None, {}),  # auth
        ("GET", "/", None, {"Authorization": "APPCODE not-a-code-of-anybody"}),
        ("GET", "/", None, signed("GET", "/elsewhere")),
        ("GET", "/trouble/office", None, {}),  # ip
        ("GET", "/nowhere/at/all", None, {}),  # client_error
        ("GET", "/trouble/moody/picky", None, {}),
        ("GET", "/trouble/moody/slow", None, {}),  # gateway_timeout
        ("GET", "/trouble/moody/failing", None, {}),  # function_error
        ("GET", "/trouble/moody/vague", None, {}),  # malformed_result
        ("GET", "/trouble/moody/odd", None, {}),
        ("GET", "/trouble/moody/silent", None, {}),
        ("GET", "/trouble/down", None, {}),  # backend_down, then an open circuit
        ("GET", "/trouble/busy", None, LEAVE),  # client_closed
    ]
    throttled = [("GET", "/trouble/limited/dan", None, {})] * 4
    busy = [("GET", "/trouble/busy", None, {})]  # function_throttled: all callers at once, one place
    pair = [("GET", "/trouble/pair/eve", None, {})] * 2  # retries
    return good * 6 + app * 2 + throttled + good * 2 + trouble + good * 2 + busy + pair


def call(address, method, path, body, headers):
    """Makes one call on a connection of its own and gives its status, or what became of it."""
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=15)
    try:
        connection.request(method, path, body, {} if headers is LEAVE else headers)
        if headers is LEAVE:
            time.sleep(0.05)
            connection.sock.shutdown(socket.SHUT_RDWR)
            return "left"
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except (OSError, http.client.HTTPException) as problem:
        return type(problem).__name__
    finally:
        connection.close()


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    address = urllib.parse.urlsplit(sys.argv[1])
    deadline = time.monotonic() + float(sys.argv[2]) if len(sys.argv) > 2 else None
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    counts = collections.Counter()

    def work():
        while True:
            for request in schedule():
                if stop.is_set():
                    return
                counts[call(address, *request)] += 1
                stop.wait(PAUSE)

    callers = [threading.Thread(target=work, daemon=True) for _ in range(CALLERS)]
    for caller in callers:
        caller.start()
    while not stop.is_set() and (deadline is None or time.monotonic() < deadline):
        stop.wait(0.2)
    stop.set()
    for caller in callers:
        caller.join(timeout=20)
    print("traffic:", ", ".join(f"{status} {count}" for status, count in sorted(counts.items(), key=str)), flush=True)


if __name__ == "__main__":
    main()
