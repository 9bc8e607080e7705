<?php
// Sets two cookies: names of headers may differ in case alone, and each gives a line of its own.
function handler($event, $context)
{
    return json_encode([
        'isBase64Encoded' => false,
        'statusCode' => 200,
        'headers' => [
            'Set-Cookie' => 'session=abc; Path=/; HttpOnly',
            'set-cookie' => 'theme=dark; Path=/',
        ],
        'body' => 'Two cookies.',
    ]);
}
