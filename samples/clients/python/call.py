"""Signs a request by hand and sends it: what a client in any language has to do. Only the standard library.

    APP_KEY=… APP_SECRET=… python3 call.py POST 'http://localhost:8080/private/items?b=2&a=1' '{"id":7}'
"""
import base64, hashlib, hmac, os, sys, time, urllib.error, urllib.parse, urllib.request, uuid


def sign(method, url, headers, body, key, secret):
    """Adds the headers of a signature to `headers`. The body's type must stand there already."""
    headers.update({"X-Ca-Key": key, "X-Ca-Timestamp": str(int(time.time() * 1000)), "X-Ca-Nonce": str(uuid.uuid4())})
    parts = urllib.parse.urlsplit(url)
    parameters = urllib.parse.parse_qsl(parts.query, keep_blank_values=True)
    if headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
        # A form is signed by its parameters; where a name stands in both, its form value counts.
        parameters = urllib.parse.parse_qsl(body.decode(), keep_blank_values=True) + parameters
    elif body:
        headers["Content-MD5"] = base64.b64encode(hashlib.md5(body).digest()).decode()

    names = sorted(name for name in headers if name.startswith("X-Ca-"))
    first = {}
    for name, value in parameters:
        first.setdefault(name, value)  # Of a repeated name the first value counts.
    query = "&".join(name + ("=" + value if value else "") for name, value in sorted(first.items()))
    text = "\n".join(
        [method] + [headers.get(name, "") for name in ("Accept", "Content-MD5", "Content-Type", "Date")]
        + [f"{name}:{headers[name]}" for name in names]
        + [(parts.path or "/") + ("?" + query if query else "")])  # The parameters are decoded here, encoded on the wire.
    signature = hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()
    headers.update({"X-Ca-Signature-Headers": ",".join(names), "X-Ca-Signature": base64.b64encode(signature).decode()})


method, url, body = sys.argv[1], sys.argv[2], (sys.argv[3] if len(sys.argv) > 3 else "").encode()
headers = {"Accept": "application/json"}  # Set it: what the HTTP library adds after signing breaks the signature.
if body:
    headers["Content-Type"] = os.environ.get("CONTENT_TYPE", "application/json")
sign(method, url, headers, body, os.environ["APP_KEY"], os.environ["APP_SECRET"])
try:
    with urllib.request.urlopen(urllib.request.Request(url, body or None, headers, method=method)) as answer:
        print(answer.read().decode())
except urllib.error.HTTPError as error:
    sys.exit(f"{error.code} {error.headers['X-Ca-Error-Code']}: {error.headers['X-Ca-Error-Message']}")
