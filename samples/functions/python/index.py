# -*- coding: utf-8 -*-
"""An event function, in the style of the cloud's documentation: strings as status and flag, and an object as body."""
import json
import logging

logger = logging.getLogger()


def handler(event, context):
    request = json.loads(event)
    logger.info("%s %s", request["httpMethod"], request["path"])
    return {
        "isBase64Encoded": "false",
        "statusCode": "200",
        "headers": {"x-function": context.function.name},
        "body": {
            "path": request["path"],
            "httpMethod": request["httpMethod"],
            "headers": request["headers"],
            "queryParameters": request["queryParameters"],
            "pathParameters": request["pathParameters"],
            "body": request["body"],
            "isBase64Encoded": request["isBase64Encoded"],
        },
    }
