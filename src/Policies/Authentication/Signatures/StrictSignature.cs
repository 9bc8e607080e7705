using Gateway.Contracts;
using Microsoft.Net.Http.Headers;

namespace Gateway.Policies.Authentication.Signatures;

/// <summary>What an API with <c>StrictSignature</c> asks of a signed request beyond the cloud's rules: nothing that counts may be unsigned.</summary>
internal static class StrictSignature
{
    /// <summary>Checks the headers; repeated parameters are found where the parameters are read.</summary>
    /// <param name="call">The request; refused with <c>I400MH</c>, <c>I400NC</c> or <c>I400HD</c>.</param>
    /// <param name="hasOtherBody">True when it has a body that is not a form.</param>
    public static bool Check(in SignedCall call, bool hasOtherBody)
    {
        var credentials = call.Credentials;
        if (credentials.Timestamp is null)
        {
            return call.Fail(GatewayError.HeaderMissing, CaHeaders.Timestamp);
        }

        if (credentials.Nonce is null)
        {
            return call.Fail(GatewayError.NonceMissing);
        }

        if (!SignedHeaderList.Names(credentials.SignedHeaders, CaHeaders.Timestamp) || !SignedHeaderList.Names(credentials.SignedHeaders, CaHeaders.Nonce))
        {
            return call.Fail(GatewayError.InvalidHeader, "`X-Ca-Signature-Headers` must list X-Ca-Timestamp and X-Ca-Nonce");
        }

        if (SignedHeaderList.HasRepeated(credentials.SignedHeaders, call.Context.Request.Headers))
        {
            return call.Fail(GatewayError.InvalidHeader, "`X-Ca-Signature` does not cover a header that is repeated");
        }

        return !hasOtherBody || credentials.ContentMd5 is not null || call.Fail(GatewayError.HeaderMissing, HeaderNames.ContentMD5);
    }
}
