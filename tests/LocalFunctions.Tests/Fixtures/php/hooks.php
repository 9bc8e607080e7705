<?php
$state = 'cold';

function initializer($context)
{
    $GLOBALS['state'] = 'initialized by ' . $context['requestId'];
}

function broken($context)
{
    throw new RuntimeException('no database');
}

function preStop($context)
{
    echo 'pre-stop while ', $GLOBALS['state'], "\n";
}

function handler($event, $context)
{
    return $GLOBALS['state'] . ' for ' . $context['requestId'];
}
