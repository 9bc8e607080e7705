# -*- coding: utf-8 -*-
"""Answers with bytes: a PNG of eight by eight pixels in the colour of the query parameter "color", e.g. ff8800."""
import base64
import json
import struct
import zlib


def handler(event, context):
    query = json.loads(event)["queryParameters"]
    pixel = bytes.fromhex(query.get("color", "ff8800"))
    return {
        "isBase64Encoded": True,
        "statusCode": 200,
        "headers": {"Content-Type": "image/png"},
        "body": base64.b64encode(png(8, 8, pixel)).decode(),
    }


def png(width, height, pixel):
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)  # eight bits each of red, green and blue
    rows = (b"\0" + pixel * width) * height  # each row begins with its filter: none
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
