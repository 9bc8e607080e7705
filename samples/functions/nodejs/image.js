'use strict';
const zlib = require('node:zlib');

// An event function that answers a picture: bytes go into the body as Base64, with isBase64Encoded set.
// The size comes from the query, e.g. ?size=64.
exports.handler = (event, context, callback) => {
  const { queryParameters } = JSON.parse(event);
  const size = Math.min(Math.max(Number(queryParameters.size) || 32, 1), 512);
  callback(null, {
    isBase64Encoded: true,
    statusCode: 200,
    headers: { 'Content-Type': 'image/png' },
    body: gradient(size).toString('base64'),
  });
};

/** A square PNG that goes from blue to red. */
function gradient(size) {
  const rows = Buffer.alloc(size * (1 + size * 3)); // Each row: its filter (none), then red, green and blue of each pixel.
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const at = y * (1 + size * 3) + 1 + x * 3;
      const share = Math.round((255 * (x + y)) / (2 * size));
      rows[at] = share;
      rows[at + 2] = 255 - share;
    }
  }

  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 2], 8); // eight bits for each of three colours
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', zlib.deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type, data) {
  const typed = Buffer.concat([Buffer.from(type), data]);
  const length = Buffer.alloc(4);
  const check = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, check]);
}

function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
