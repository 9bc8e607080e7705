using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.LocalFunctions;

/// <summary>Where one web function gets its requests, as they are.</summary>
internal sealed class WebEndpoint(LocalFunction function, ILogger logger)
{
    /// <summary>Answers one request. An exception of the function is a 500, or breaks off an answer that has begun.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            await function.WebHandler!(context);
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            Log.Failed(logger, exception, function.Name, context.TraceIdentifier);
            throw;
        }
    }
}
