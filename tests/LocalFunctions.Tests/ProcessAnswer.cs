using System.Text;
using System.Text.Json;

namespace Gateway.LocalFunctions.Tests;

/// <summary>What a call of a <see cref="ProcessHost"/> gave.</summary>
/// <param name="Status">HTTP status of the function service.</param>
/// <param name="ErrorType">Its <c>X-Fc-Error-Type</c>; null for a result.</param>
/// <param name="Body">The result or the error object.</param>
/// <param name="RequestId">Id of the call.</param>
/// <param name="Log">End of the call's log.</param>
internal sealed record ProcessAnswer(int Status, string? ErrorType, byte[] Body, string RequestId, string Log)
{
    /// <summary>The body as text.</summary>
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The body as JSON.</summary>
    public JsonElement Json => JsonElement.Parse(Body);

    /// <summary>Message of the error object; fails when this is none.</summary>
    public string ErrorMessage
    {
        get
        {
            Assert.Equal((200, "UnhandledInvocationError"), (Status, ErrorType));
            return Json.GetProperty("errorMessage").GetString()!;
        }
    }
}
