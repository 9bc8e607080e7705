namespace Gateway.Backends.Signing;

/// <summary>Signs requests to a web function whose HTTP trigger asks for it. Stands last before the connection.</summary>
/// <remarks>
/// The trigger's <c>authType</c> is <c>function</c>. The body is not covered, so it streams as it comes. Covered are method, path, query,
/// date and token; the token's header is sent even when it is empty, as the service counts it in. The client's own <c>Authorization</c>
/// gives way.
/// </remarks>
/// <param name="credentials">The access key, with its token when it is a temporary one.</param>
/// <param name="time">The clock; the service refuses dates that are more than 15 minutes off.</param>
internal sealed class TriggerSigningHandler(CredentialsOptions credentials, TimeProvider time) : DelegatingHandler
{
    private readonly AccessKey _key = new(credentials);

    /// <summary>Signs and sends.</summary>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var date = AcsHeaders.FormatDate(time.GetUtcNow());
        var token = _key.SecurityToken ?? "";
        Span<SignedHeader> headers = [new(AcsHeaders.Date, date), new(AcsHeaders.SecurityToken, token)];

        request.SetHeader(AcsHeaders.Date, date);
        request.SetHeader(AcsHeaders.SecurityToken, token);
        request.SetHeader(AcsHeaders.Authorization, Acs3Signature.Authorize(
            _key, request.Method.Method, request.RequestUri!.PathAndQuery, headers, payloadHash: default));
        return base.SendAsync(request, cancellationToken);
    }
}
