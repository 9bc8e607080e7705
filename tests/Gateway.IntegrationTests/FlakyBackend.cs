using Microsoft.AspNetCore.Http;

namespace Gateway.IntegrationTests;

/// <summary>Fails the first calls with a status, then answers; keeps what it got.</summary>
internal sealed class FlakyBackend(int failures, int status = 503)
{
    private int _calls;

    public int Calls => _calls;

    public List<string> Bodies { get; } = [];

    public List<string> Headers { get; } = [];

    public async Task AnswerAsync(HttpContext context)
    {
        var body = await new StreamReader(context.Request.Body).ReadToEndAsync();
        lock (Bodies)
        {
            Bodies.Add(body);
            Headers.Add(context.Request.Headers["X-Mine"].ToString());
        }

        if (Interlocked.Increment(ref _calls) <= failures)
        {
            context.Response.StatusCode = status;
            await context.Response.WriteAsync("not now");
            return;
        }

        await context.Response.WriteAsync("""{"statusCode":200,"body":"done"}""");
    }
}
