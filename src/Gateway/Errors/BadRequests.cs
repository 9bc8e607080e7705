using Gateway.Contracts;
using Microsoft.AspNetCore.Http;

namespace Gateway.Errors;

/// <summary>Maps the statuses by which the server refuses a request to the catalogue.</summary>
internal static class BadRequests
{
    /// <summary>The error for a refusal of the server while it reads a request.</summary>
    public static GatewayError ErrorFor(int status) => status switch
    {
        StatusCodes.Status408RequestTimeout => GatewayError.RequestTimeout,
        StatusCodes.Status413PayloadTooLarge => GatewayError.BodyTooLarge,
        StatusCodes.Status414UriTooLong => GatewayError.UrlTooLarge,
        StatusCodes.Status431RequestHeaderFieldsTooLarge => GatewayError.HeadersTooLarge,
        _ => GatewayError.InvalidBody,
    };
}
