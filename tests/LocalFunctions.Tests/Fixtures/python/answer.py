def handler(event, context):
    return "first"
