using BenchmarkDotNet.Attributes;
using Gateway.Backends;
using Gateway.Backends.EventFunctions;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Benchmarks;

/// <summary>The event of a POST with eight headers, a path parameter and a query, by size of its body.</summary>
[MemoryDiagnoser]
public class EventWriterBenchmarks : IDisposable
{
    private const string Target = "/hello/world?expand=lines&page=2";

    private readonly DefaultHttpContext _context = new();
    private readonly EventFunction _function = new(new ApiBackend
    {
        ApiId = "bench/greet",
        BackendName = "hello",
        Options = new EventFunctionOptions(),
        Path = PathTemplate.TryParse("/hello/[name]", out var path, out var problem) ? path! : throw new FormatException(problem),
        Timeout = TimeSpan.FromSeconds(10),
        MaxRequestBody = 6 << 20,
    }, TimeProvider.System);

    private RepeatedBody _body = new(0);

    /// <summary>Bytes of the request's body.</summary>
    [Params(0, 1024, 100 * 1024)]
    public int BodyBytes { get; set; }

    /// <summary>Makes the request.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        if (!RequestTarget.TryParse(Target, out var target))
        {
            throw new FormatException(Target);
        }

        _body = new RepeatedBody(BodyBytes);
        _context.Features.Set<IRequestBodyPipeFeature>(_body);
        _context.Features.Set(new GatewayFeature
        {
            RequestId = "B3A1C5F0-6C0B-4B0E-9A55-6F1E1E2D7C10",
            Target = target,
            ForwardedFor = "203.0.113.7",
        });
        _context.Request.Method = HttpMethods.Post;
        foreach (var (name, value) in SampleHeaders.Eight)
        {
            _context.Request.Headers[name] = value;
        }
    }

    /// <summary>Writes the event into a pooled buffer and gives the buffer back.</summary>
    [Benchmark]
    public async Task<int> Write()
    {
        _body.Rewind();
        using var buffer = new PooledBuffer(initialCapacity: 4096);
        await EventWriter.TryWriteAsync(_context, _function, buffer);
        return buffer.Length;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _body.Complete();
        GC.SuppressFinalize(this);
    }
}
