using System.Text;
using BenchmarkDotNet.Attributes;
using Gateway.Backends.EventFunctions;
using Microsoft.AspNetCore.Http;

namespace Gateway.Benchmarks;

/// <summary>A function's result, by size of its body.</summary>
[MemoryDiagnoser]
public class EventResultReaderBenchmarks
{
    private readonly HeaderDictionary _headers = [];
    private byte[] _text = [];
    private byte[] _base64 = [];
    private byte[] _scratch = [];

    /// <summary>Bytes of the answer's body.</summary>
    [Params(1024, 100 * 1024)]
    public int BodyBytes { get; set; }

    /// <summary>Makes the results.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _text = Result("false", "{\\\"message\\\":\\\"" + new string('x', BodyBytes - 14) + "\\\"}");
        _base64 = Result("true", Convert.ToBase64String(new byte[BodyBytes]));
        _scratch = new byte[Math.Max(_text.Length, _base64.Length)];
    }

    /// <summary>JSON in a JSON string, so with escapes to undo.</summary>
    [Benchmark]
    public int ReadText() => Read(_text);

    /// <summary>Base64.</summary>
    [Benchmark]
    public int ReadBase64() => Read(_base64);

    /// <summary>The reader works in place, so each operation includes a copy of the result.</summary>
    private int Read(byte[] bytes)
    {
        var copy = _scratch.AsSpan(0, bytes.Length);
        bytes.CopyTo(copy);
        _headers.Clear();
        return EventResultReader.TryRead(copy, _headers, out var result, out var problem)
            ? result.BodyLength
            : throw new FormatException(problem);
    }

    private static byte[] Result(string isBase64Encoded, string body)
    {
        const string middle = ""","statusCode":200,"headers":{"Content-Type":"application/json","X-Shop":"7"},"body":""";
        return Encoding.ASCII.GetBytes($$"""{"isBase64Encoded":{{isBase64Encoded}}{{middle}}"{{body}}"}""");
    }
}
