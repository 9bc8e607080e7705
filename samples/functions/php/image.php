<?php
// Answers with bytes: a PNG of eight by eight pixels in the colour of the query parameter "color", e.g. ff8800.
function handler($event, $context)
{
    $query = json_decode($event, true)['queryParameters'];
    $pixel = hex2bin($query['color'] ?? 'ff8800');
    return json_encode([
        'isBase64Encoded' => true,
        'statusCode' => 200,
        'headers' => ['Content-Type' => 'image/png'],
        'body' => base64_encode(png(8, 8, $pixel)),
    ]);
}

function png($width, $height, $pixel)
{
    $header = pack('NNC5', $width, $height, 8, 2, 0, 0, 0); // eight bits each of red, green and blue
    $rows = str_repeat("\0" . str_repeat($pixel, $width), $height); // each row begins with its filter: none
    return "\x89PNG\r\n\x1a\n" . chunk('IHDR', $header) . chunk('IDAT', gzcompress($rows)) . chunk('IEND', '');
}

function chunk($kind, $data)
{
    return pack('N', strlen($data)) . $kind . $data . pack('N', crc32($kind . $data));
}
