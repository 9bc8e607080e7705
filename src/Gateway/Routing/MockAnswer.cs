using System.Text;
using Gateway.Backends;

namespace Gateway.Routing;

/// <summary>A fixed answer, encoded once.</summary>
internal sealed class MockAnswer(MockOptions options)
{
    private readonly byte[] _body = Encoding.UTF8.GetBytes(options.Body ?? "");

    /// <summary>Writes the answer.</summary>
    public Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = options.StatusCode;
        foreach (var (name, value) in options.Headers)
        {
            response.Headers[name] = value;
        }

        if (options.StatusCode is StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified)
        {
            return Task.CompletedTask;
        }

        response.ContentLength = _body.Length;
        if (_body.Length > 0)
        {
            response.ContentType ??= "text/plain; charset=utf-8";
        }

        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(_body, context.RequestAborted).AsTask();
    }
}
