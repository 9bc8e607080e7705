#!/usr/bin/env bash
# Signs a request with openssl and sends it with curl: what a client in any language has to do.
#
#   APP_KEY=… APP_SECRET=… ./call.sh GET http://localhost:8080 /private/items 'a=1&b=2'
#
# The parameters must be sorted by name and need no percent-encoding here: they are signed decoded and sent encoded.
set -euo pipefail
method=$1 address=$2 path=$3 query=${4:-} body=${5:-}

accept='application/json'  # Set it: curl's own Accept: */* would not be what was signed.
type='' md5=''
if [ -n "$body" ]; then
  type='application/json'
  md5=$(printf %s "$body" | openssl dgst -md5 -binary | base64)
fi
timestamp=$(date +%s)000
nonce=$(openssl rand -hex 16)

# Method, four headers by value (an absent one is an empty line), the listed headers sorted, path and parameters without a line end.
text="$method
$accept
$md5
$type

X-Ca-Key:$APP_KEY
X-Ca-Nonce:$nonce
X-Ca-Timestamp:$timestamp
$path${query:+?$query}"
signature=$(printf %s "$text" | openssl dgst -sha256 -hmac "$APP_SECRET" -binary | base64)

curl --silent --show-error --fail-with-body -X "$method" "$address$path${query:+?$query}" \
  -H "Accept: $accept" -H "Content-Type:${type:+ $type}" ${md5:+-H "Content-MD5: $md5"} \
  -H "X-Ca-Key: $APP_KEY" -H "X-Ca-Timestamp: $timestamp" -H "X-Ca-Nonce: $nonce" \
  -H 'X-Ca-Signature-Headers: X-Ca-Key,X-Ca-Nonce,X-Ca-Timestamp' -H "X-Ca-Signature: $signature" \
  ${body:+--data-raw "$body"}
