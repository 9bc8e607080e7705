"""The event says what to do."""
import logging
import os
import subprocess
import sys
import threading
import time

calls = 0


def handler(event, context):
    global calls
    calls += 1
    return globals()["do_" + event.decode()](context)


def do_count(context):
    return str(calls)


def do_bytes(context):
    return b"\x00\xff\x1e\n"


def do_text(context):
    return "grün"


def do_number(context):
    return 1.5


def do_map(context):
    return {"a": "ü/", "b": [1, None, True]}


def do_nothing(context):
    pass


def do_unserializable(context):
    return {1, 2}


def do_half_character(context):
    return "\ud800"


def do_context(context):
    return {
        "requestId": context.request_id, "keyId": context.credentials.access_key_id,
        "secret": context.credentials.access_key_secret, "token": context.credentials.security_token,
        "name": context.function.name, "handler": context.function.handler, "memory": context.function.memory,
        "timeout": context.function.timeout, "qualifier": context.service.qualifier, "versionId": context.service.version_id,
        "region": context.region, "accountId": context.account_id, "own": os.environ["OWN"],
        "secretsOfTheHost": [name for name in os.environ if name in ("FC_LOCAL_PORT", "FC_LOCAL_TOKEN")],
    }


def do_throw(context):
    return inner()


def inner():
    raise ValueError("nö \" such")


def do_exit(context):
    sys.exit(3)


def do_exit_with_thread(context):
    threading.Thread(target=time.sleep, args=(60,)).start()
    sys.exit(3)


def do_die(context):
    os.kill(os.getpid(), 9)


def do_write(context):
    print("one line")
    print("from the right", file=sys.stderr)
    print("{\"statusCode\":200}", end="")
    return "answer"


def do_garbage(context):
    os.write(1, b"\x00\xff\x1e not-an-id\n{\"outcome\":\"ok\",\"length\":3}\nbad")
    return "answer"


def do_close_streams(context):
    sys.stdout.close()
    sys.stderr = None
    return "answer"


def do_log(context):
    logging.getLogger().info("informed")
    logging.getLogger("own").warning("warned")
    logging.debug("hidden")
    context.logger.error("erred")
    return "answer"


def do_hang(context):
    while True:
        time.sleep(60)


def do_large(context):
    return b"x" * (50 << 20)


def do_child(context):
    subprocess.Popen(["sleep", "300"], start_new_session=True)
    return "answer"


def do_fork(context):
    os.fork()
    return "answer"


def do_child_and_die(context):
    if os.fork() == 0:
        time.sleep(300)
    os.kill(os.getpid(), 9)
