# -*- coding: utf-8 -*-
"""Sets two cookies: names of headers may differ in case alone, and each gives a line of its own."""


def handler(event, context):
    return {
        "isBase64Encoded": False,
        "statusCode": 200,
        "headers": {
            "Set-Cookie": "session=abc; Path=/; HttpOnly",
            "set-cookie": "theme=dark; Path=/",
        },
        "body": "Two cookies.",
    }
