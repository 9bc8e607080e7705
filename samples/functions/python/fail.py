# -*- coding: utf-8 -*-
"""Fails: the client gets 502, and message and stack are in the gateway's log alone."""


def handler(event, context):
    raise ValueError("no such order")
