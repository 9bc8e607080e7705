namespace Gateway.Contracts;

/// <summary>One refusal a client can meet: the catalogue of everything the gateway answers by itself.</summary>
/// <param name="Code">Six characters, in <c>X-Ca-Error-Code</c>: a class letter, the three digits of the cloud's status, two letters of the cause.</param>
/// <param name="Status">HTTP status, 400 to 599; operators may override it per code (<c>Gateway:Errors:Status</c>).</param>
/// <param name="Title">Short constant summary, the <c>title</c> of the problem body.</param>
/// <param name="Message">Text of <c>X-Ca-Error-Message</c>; <c>{0}</c> stands for the detail of one request.</param>
/// <param name="Outcome">Who is to blame, as metrics count it. <see cref="GatewayFeature.Fail"/> may say otherwise where a code has several causes.</param>
/// <remarks>
/// Codes, statuses and texts follow the cloud gateway's error table where it has a row, so that clients which test for them keep
/// working; docs/errors.md gives cause and cure of each, and a test compares the two.
/// </remarks>
public sealed record GatewayError(string Code, int Status, string Title, string Message, RequestOutcome Outcome)
{
    /// <summary>A request header is malformed or repeated where it must not be. Detail: name and reason.</summary>
    public static readonly GatewayError InvalidHeader = new("I400HD", 400, "Invalid header", "Invalid Header {0}", RequestOutcome.ClientError);

    /// <summary>The path is hostile or cannot be decoded. Detail: the reason.</summary>
    public static readonly GatewayError InvalidPath = new("I400PA", 400, "Invalid request path", "Invalid Request Path `{0}`", RequestOutcome.ClientError);

    /// <summary>The request target is not a path, or not a request at all. Detail: the reason.</summary>
    public static readonly GatewayError InvalidUri = new("I400RU", 400, "Invalid request target", "Invalid Request Uri `{0}`", RequestOutcome.ClientError);

    /// <summary>The body broke off or its framing is wrong. Detail: the reason.</summary>
    public static readonly GatewayError InvalidBody = new("I400BD", 400, "Invalid body", "Invalid Body: {0}", RequestOutcome.ClientError);

    /// <summary><c>X-Ca-Stage</c> names no stage.</summary>
    public static readonly GatewayError UnknownStage = new("I400SG", 400, "Invalid stage", "Invalid Stage", RequestOutcome.ClientError);

    /// <summary>A header that the API asks for is missing. Detail: its name.</summary>
    public static readonly GatewayError HeaderMissing = new("I400MH", 400, "Header missing", "Header `{0}` is Required", RequestOutcome.Auth);

    /// <summary>The body is not the one that <c>Content-MD5</c> was computed over. Detail: the reason.</summary>
    public static readonly GatewayError InvalidContentMd5 = new("I400I5", 400, "Invalid Content-MD5", "Invalid Content-MD5 {0}", RequestOutcome.Auth);

    /// <summary>The API asks for a nonce and there is none.</summary>
    public static readonly GatewayError NonceMissing = new("I400NC", 400, "Nonce missing", "X-Ca-Nonce is required", RequestOutcome.Auth);

    /// <summary>Neither a signature nor an AppCode came with the request.</summary>
    public static readonly GatewayError CredentialsMissing =
        new("A400MA", 400, "Credentials missing", "Need authorization, X-Ca-Key or Authorization: APPCODE is required", RequestOutcome.Auth);

    /// <summary>No app has this AppKey.</summary>
    public static readonly GatewayError UnknownAppKey = new("A400IK", 400, "Invalid AppKey", "Invalid AppKey", RequestOutcome.Auth);

    /// <summary>No app has this AppCode.</summary>
    public static readonly GatewayError UnknownAppCode = new("A400AC", 400, "Invalid AppCode", "Invalid AppCode `not exists`", RequestOutcome.Auth);

    /// <summary>The API does not take the scheme. Detail: the scheme.</summary>
    public static readonly GatewayError ProtocolNotAllowed = new("I403PT", 403, "Protocol not allowed", "Invalid protocol {0} unsupported", RequestOutcome.ClientError);

    /// <summary>The API does not list the app.</summary>
    public static readonly GatewayError AppNotAuthorized = new("I403AA", 403, "App not authorized", "Unauthorized", RequestOutcome.Auth);

    /// <summary>The app's authorization for the API has ended.</summary>
    public static readonly GatewayError AuthorizationExpired = new("A403EP", 403, "Authorization expired", "App authorization expired", RequestOutcome.Auth);

    /// <summary>The signature is not the server's. Detail: the server's string-to-sign, control characters as <c>#</c>.</summary>
    public static readonly GatewayError InvalidSignature =
        new("A403IS", 403, "Invalid signature", "Invalid Signature, Server StringToSign:`{0}`", RequestOutcome.Auth);

    /// <summary>The client's address is not allowed, or not known.</summary>
    public static readonly GatewayError AddressDenied = new("A403IP", 403, "Address denied", "Access denied by IP Control Policy", RequestOutcome.Ip);

    /// <summary>The API's CORS policy does not take the origin of a preflight. Detail: the origin.</summary>
    public static readonly GatewayError OriginDenied = new("A403CO", 403, "Origin denied", "Cross origin resource forbidden `{0}`", RequestOutcome.ClientError);

    /// <summary><c>X-Ca-Timestamp</c> lies outside the window.</summary>
    public static readonly GatewayError TimestampExpired = new("S403TE", 403, "Timestamp expired", "X-Ca-Timestamp is expired", RequestOutcome.Auth);

    /// <summary>The nonce has been used within the window.</summary>
    public static readonly GatewayError NonceUsed = new("S403NU", 403, "Nonce used", "Nonce Used", RequestOutcome.Auth);

    /// <summary>No group takes the host. Detail: the host.</summary>
    public static readonly GatewayError DomainNotFound = new("I404DO", 404, "Unknown domain", "Invalid Domain `{0}`", RequestOutcome.ClientError);

    /// <summary>No API of the stage has this method and path. Detail: method and path.</summary>
    public static readonly GatewayError ApiNotFound = new("I404NF", 404, "API not found", "API not found with `{0}`", RequestOutcome.ClientError);

    /// <summary>The method is one the gateway never forwards. Detail: the method.</summary>
    public static readonly GatewayError UnsupportedMethod = new("I405UM", 405, "Unsupported method", "Unsupported Method `{0}`", RequestOutcome.ClientError);

    /// <summary>The body, or the rest of the request head, came too slowly.</summary>
    public static readonly GatewayError RequestTimeout = new("I408RT", 408, "Request timeout", "Request timeout: the request arrived too slowly", RequestOutcome.ClientError);

    /// <summary>The body is larger than the API takes.</summary>
    public static readonly GatewayError BodyTooLarge = new("I413RL", 413, "Body too large", "Request body too Large", RequestOutcome.ClientError);

    /// <summary>The request target is longer than the gateway takes.</summary>
    public static readonly GatewayError UrlTooLarge = new("I413UL", 413, "URL too large", "Request URL too Large", RequestOutcome.ClientError);

    /// <summary>The limit of the API is reached.</summary>
    public static readonly GatewayError ThrottledByApi = new("T429PA", 429, "Throttled", "Throttled by API Flow Control", RequestOutcome.Throttled);

    /// <summary>The limit of the app is reached.</summary>
    public static readonly GatewayError ThrottledByApp = new("T429PR", 429, "Throttled", "Throttled by PLUGIN Flow Control", RequestOutcome.Throttled);

    /// <summary>The limit of the client's address, or of a value of the request, is reached. Detail: what is counted.</summary>
    public static readonly GatewayError ThrottledByValue = new("T429MR", 429, "Throttled", "Too Many Requests, throttle by {0}", RequestOutcome.Throttled);

    /// <summary>Names and values of the headers are longer than the gateway takes.</summary>
    public static readonly GatewayError HeadersTooLarge = new("I431HD", 431, "Headers too large", "Request headers too Large", RequestOutcome.ClientError);

    /// <summary>A bug or broken infrastructure of the gateway; the log has the exception under the request id.</summary>
    public static readonly GatewayError Internal = new("X500ER", 500, "Internal error", "Service Internal Error", RequestOutcome.GatewayError);

    /// <summary>The function failed, or its result is not one. Detail: field, found and expected.</summary>
    public static readonly GatewayError FunctionResultInvalid =
        new("D502FC", 502, "Function result invalid", "Function Compute response invalid: {0}", RequestOutcome.FunctionError);

    /// <summary>The backend broke off its answer or answered something that is not HTTP.</summary>
    public static readonly GatewayError BackendResponseFailed =
        new("N502RE", 502, "Backend response failed", "Backend response failed: {0}", RequestOutcome.BackendDown);

    /// <summary>No healthy address, a concurrency limit, a full nonce table, or the function service throttles.</summary>
    public static readonly GatewayError Busy = new("X503BZ", 503, "Service busy", "Service Busy", RequestOutcome.BackendDown);

    /// <summary>The circuit breaker of the backend is open. Detail: the reason.</summary>
    public static readonly GatewayError CircuitOpen = new("D503CB", 503, "Circuit open", "Backend circuit breaks, {0}", RequestOutcome.BackendDown);

    /// <summary>The event function did not answer in time: a cold start that outlasts the API's timeout is "unavailable".</summary>
    public static readonly GatewayError FunctionTimeout = new("D503TO", 503, "Function timeout", "Backend service request timeout", RequestOutcome.GatewayTimeout);

    /// <summary>No connection to the backend. Detail: the reason.</summary>
    public static readonly GatewayError ConnectFailed = new("D504CO", 504, "Backend connect failed", "Backend service connect failed `{0}`", RequestOutcome.BackendDown);

    /// <summary>The TLS handshake with the backend failed.</summary>
    public static readonly GatewayError TlsFailed = new("D504CS", 504, "Backend TLS failed", "Backend http ssl connect failed `{0}`", RequestOutcome.BackendDown);

    /// <summary>The backend's name does not resolve.</summary>
    public static readonly GatewayError ResolveFailed = new("D504RE", 504, "Backend name not resolved", "Backend domain `{0}` resolve failed", RequestOutcome.BackendDown);

    /// <summary>The web function was silent for longer than its timeout.</summary>
    public static readonly GatewayError BackendTimeout = new("D504TO", 504, "Backend timeout", "Backend service request timeout", RequestOutcome.GatewayTimeout);

    /// <summary>The error for a status by which the server itself refuses a request while reading its body.</summary>
    /// <param name="status">Status of the server's <c>BadHttpRequestException</c>.</param>
    public static GatewayError FromServerStatus(int status) => status switch
    {
        408 => RequestTimeout,
        413 => BodyTooLarge,
        414 => UrlTooLarge,
        431 => HeadersTooLarge,
        _ => InvalidBody,
    };

    /// <summary>The message with the detail of one request put in, as it goes into the header and the body.</summary>
    /// <param name="detail">Text for <c>{0}</c>; control characters become <c>#</c>, and it is cut at 4,096 characters.</param>
    public string Describe(string? detail)
    {
        const int longest = 4096;
        if (!Message.Contains("{0}", StringComparison.Ordinal))
        {
            return Message;
        }

        var text = detail ?? "";
        if (text.Length > longest)
        {
            text = text[..longest];
        }

        if (text.AsSpan().ContainsAnyInRange('\0', '\x1f') || text.AsSpan().ContainsAnyInRange('\x7f', '\x9f'))
        {
            text = string.Create(text.Length, text, static (span, source) =>
            {
                for (var i = 0; i < span.Length; i++)
                {
                    span[i] = char.IsControl(source[i]) ? '#' : source[i];
                }
            });
        }

        return Message.Replace("{0}", text, StringComparison.Ordinal);
    }
}
