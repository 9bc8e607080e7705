<?php
// Fails: the client gets 502, and message and stack are in the gateway's log alone.
function handler($event, $context)
{
    throw new InvalidArgumentException('no such order');
}
