state = "cold"


def initializer(context):
    global state
    state = "initialized by " + context.request_id


def broken(context):
    raise RuntimeError("no database")


def pre_stop(context):
    print("pre-stop while " + state)


def handler(event, context):
    return state + " for " + context.request_id
