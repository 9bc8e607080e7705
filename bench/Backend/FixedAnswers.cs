using System.IO.Pipelines;
using System.Text;

namespace Gateway.Bench.Backend;

/// <summary>The backend's answers, made once. A body that did not arrive as it should is answered with 400, which fails the run.</summary>
internal static class FixedAnswers
{
    /// <summary>Size of the body that the load generator posts, in bytes.</summary>
    private const int PostedBytes = 1024;

    private static readonly byte[] Text = Filled(200);
    private static readonly byte[] Large = Filled(100 * 1024);
    private static readonly byte[] Result = MakeResult(bodyLength: 600);

    /// <summary>Answers one request by its path.</summary>
    public static Task HandleAsync(HttpContext context) => context.Request.Path.Value switch
    {
        "/small" => AnswerAsync(context, Text, "text/plain"),
        "/large" => AnswerAsync(context, Large, "application/octet-stream"),
        "/post" => AnswerPostAsync(context),
        "/2023-03-30/functions/bench/invocations" => AnswerEventAsync(context),
        _ => Refuse(context, StatusCodes.Status404NotFound),
    };

    private static async Task AnswerPostAsync(HttpContext context)
    {
        var length = await DrainAsync(context.Request.BodyReader, context.RequestAborted);
        await (length == PostedBytes
            ? AnswerAsync(context, Text, "text/plain")
            : Refuse(context, StatusCodes.Status400BadRequest));
    }

    /// <summary>An event holds the posted body as Base64 beside the other fields, so it is longer than that alone.</summary>
    private static async Task AnswerEventAsync(HttpContext context)
    {
        var length = await DrainAsync(context.Request.BodyReader, context.RequestAborted);
        await (length > PostedBytes * 4 / 3
            ? AnswerAsync(context, Result, "application/json")
            : Refuse(context, StatusCodes.Status400BadRequest));
    }

    private static async ValueTask<long> DrainAsync(PipeReader body, CancellationToken cancellationToken)
    {
        var length = 0L;
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken);
            length += read.Buffer.Length;
            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return length;
            }
        }
    }

    private static async Task AnswerAsync(HttpContext context, byte[] body, string contentType)
    {
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        await context.Response.BodyWriter.WriteAsync(body, context.RequestAborted);
    }

    private static Task Refuse(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static byte[] Filled(int length) => Encoding.ASCII.GetBytes(new string('x', length));

    /// <summary>A function's result whose body is JSON text in a JSON string, so that reading it has escapes to undo.</summary>
    private static byte[] MakeResult(int bodyLength)
    {
        const string prefix = "{\\\"message\\\":\\\"";
        const string suffix = "\\\"}";
        var escapes = prefix.Count('\\') + suffix.Count('\\');
        var padding = new string('x', bodyLength - (prefix.Length + suffix.Length - escapes));
        const string head = """{"isBase64Encoded":false,"statusCode":200,"headers":{"Content-Type":"application/json"},"body":""";
        return Encoding.ASCII.GetBytes($"{head}\"{prefix}{padding}{suffix}\"}}");
    }
}
