<?php
require __DIR__ . '/words.php';

function handler($event, $context)
{
    return GREETING;
}
