<?php
// An event function, in the style of the cloud's documentation: strings as status and flag, and an object as body.
function handler($event, $context)
{
    $request = json_decode($event);
    echo "{$request->httpMethod} {$request->path}\n";
    return json_encode([
        'isBase64Encoded' => 'false',
        'statusCode' => '200',
        'headers' => ['x-function' => $context['function']['name']],
        'body' => [
            'path' => $request->path,
            'httpMethod' => $request->httpMethod,
            'headers' => $request->headers,
            'queryParameters' => $request->queryParameters,
            'pathParameters' => $request->pathParameters,
            'body' => $request->body,
            'isBase64Encoded' => $request->isBase64Encoded,
        ],
    ]);
}
