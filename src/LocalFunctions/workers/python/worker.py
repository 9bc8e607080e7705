"""Runs inside the Python process of a local function: connects to the host and calls the handler as the cloud's runtime does."""
import importlib
import json
import logging
import os
import socket
import sys
import traceback
from types import SimpleNamespace


def main():
    code = os.environ["FC_FUNC_CODE_PATH"]
    sys.path[:] = [code] + [folder for folder in sys.path if folder != os.path.dirname(__file__)]
    sys.argv[:] = [""]
    sys.dont_write_bytecode = True  # A cache file trusts whole seconds: code saved twice in one would run in its first version.
    log_to_stdout()

    connection = connect()
    with connection.makefile("rb") as stream:
        while True:
            call = receive(stream)
            if call is None:
                os._exit(0)  # The host is gone or wants no more; threads of the handler do not hold us up.
            serve(connection, *call)


def receive(stream):
    """The head of the next call and its event; None at the end of the connection."""
    try:
        head = json.loads(stream.readline() or "null")
        event = stream.read(head["length"]) if head else None
        return (head, event) if head and len(event) == head["length"] else None
    except ConnectionError:
        return None


def connect():
    connection = socket.create_connection(("127.0.0.1", int(os.environ.pop("FC_LOCAL_PORT"))))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.sendall(os.environ.pop("FC_LOCAL_TOKEN").encode() + b"\n")
    if hasattr(os, "register_at_fork"):
        # A child that outlives us would hide our end from the host.
        os.register_at_fork(after_in_child=lambda: os.close(connection.detach()))
    return connection


def serve(connection, head, event):
    """Runs one call and answers it. SystemExit passes: the cloud, too, sees a handler that exits as a process that died."""
    outcome, exits = "ok", False
    try:
        module, _, name = handler_of(head["type"]).rpartition(".")
        exits = True  # A module that failed halfway must not be called again.
        handler = getattr(importlib.import_module(module.replace("/", ".")), name)
        exits = False
        context = context_of(head["requestId"])
        body = to_bytes(handler(event, context) if head["type"] == "invoke" else handler(context))
    except SystemExit:
        if connection.fileno() >= 0:
            connection.shutdown(socket.SHUT_RDWR)  # Threads of the handler may hold up the exit itself.
        raise
    except BaseException as error:  # Whatever the handler raises is its result.
        outcome, body = "unhandled", report(error)

    if connection.fileno() < 0:
        os._exit(0)  # A child that the handler forked and let return: the call is its parent's.
    mark_end(head["requestId"])
    answer = {"outcome": outcome, "length": len(body)}
    if exits:
        answer["exit"] = True
    try:
        connection.sendall(json.dumps(answer).encode() + b"\n" + body)
    except ConnectionError:
        os._exit(1)


def handler_of(call):
    variables = {"initialize": "FC_INITIALIZER_HANDLER", "pre-stop": "FC_INSTANCE_LIFECYCLE_PRE_STOP_HANDLER"}
    return os.environ[variables.get(call, "FC_FUNCTION_HANDLER")]


def to_bytes(result):
    if isinstance(result, (bytes, bytearray, memoryview)):
        return bytes(result)
    return (result if isinstance(result, str) else json.dumps(result)).encode()


def report(error):
    """Logs an error and gives it in the cloud's shape, without the frames that are ours."""
    frames = error.__traceback__
    while frames and is_ours(frames.tb_frame.f_code.co_filename):
        frames = frames.tb_next
    traceback.print_exception(type(error), error, frames)

    stack = [[f'File "{frame.filename}"', f"line {frame.lineno}", f"in {frame.name}", frame.line or ""]
             for frame in traceback.extract_tb(frames)]
    if isinstance(error, SyntaxError):  # No frame leads to code that was never run.
        stack.append([f'File "{error.filename}"', f"line {error.lineno}", "in <module>", (error.text or "").strip()])
    return json.dumps({"errorMessage": str(error), "errorType": type(error).__name__, "stackTrace": stack}).encode()


def is_ours(filename):
    return filename in (__file__, importlib.__file__) or filename.startswith("<frozen importlib")


def mark_end(request_id):
    """Tells the host that all output of the call has been written. The handler may have replaced or closed the streams."""
    for stream, descriptor in ((sys.stdout, 1), (sys.stderr, 2)):
        try:
            stream.flush()
        except (AttributeError, ValueError, OSError):
            pass
        try:
            os.write(descriptor, f"\x1e{request_id}\n".encode())
        except OSError:
            pass


def log_to_stdout():
    """The root logger as the cloud sets it up: from level INFO on."""
    output = logging.StreamHandler(sys.stdout)
    output.setFormatter(logging.Formatter("[%(levelname)s] %(message)s"))
    logging.getLogger().addHandler(output)
    logging.getLogger().setLevel(logging.INFO)


def context_of(request_id):
    env = os.environ.get
    version = {"version_id": env("FC_VERSION_ID"), "qualifier": env("FC_QUALIFIER")}
    return SimpleNamespace(
        request_id=request_id,
        credentials=SimpleNamespace(
            access_key_id=env("ALIBABA_CLOUD_ACCESS_KEY_ID", ""),
            access_key_secret=env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", ""),
            security_token=env("ALIBABA_CLOUD_SECURITY_TOKEN", "")),
        function=SimpleNamespace(
            name=env("FC_FUNCTION_NAME"),
            handler=env("FC_FUNCTION_HANDLER"),
            memory=int(env("FC_FUNCTION_MEMORY_SIZE")),
            timeout=int(env("FC_TIMEOUT")),
            **version),
        service=SimpleNamespace(name="", log_project="", log_store="", **version),
        log_project="",
        log_store="",
        region=env("FC_REGION"),
        account_id=env("FC_ACCOUNT_ID"),
        logger=logging.getLogger(),
        tracing=SimpleNamespace(span_context="", jaeger_endpoint="", span_baggages={}))


if __name__ == "__main__":  # Not in the processes that multiprocessing starts, which import this file.
    main()
