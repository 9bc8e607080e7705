using BenchmarkDotNet.Attributes;
using Gateway.Backends.Http;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gateway.Benchmarks;

/// <summary>The rule that decides of each request header whether it goes on.</summary>
[MemoryDiagnoser]
public class HeaderBenchmarks
{
    private readonly GatewayFeature _gateway = new() { RequestId = "B3A1C5F0-6C0B-4B0E-9A55-6F1E1E2D7C10" };

    private readonly HeaderDictionary _headers = new()
    {
        ["Host"] = "api.example.com",
        ["User-Agent"] = "curl/8.5.0",
        ["Accept"] = "application/json",
        ["Accept-Encoding"] = "gzip, br",
        ["Content-Type"] = "application/json",
        ["X-Request-Source"] = "mobile",
        ["X-Tenant"] = "blue",
        ["X_Legacy_Name"] = "kept",
    };

    /// <summary>A browser's worth of headers, eight, of which all pass.</summary>
    [Benchmark(OperationsPerInvoke = 8)]
    public int Passes()
    {
        var passed = 0;
        foreach (var (name, values) in _headers)
        {
            passed += RequestHeaderRules.Passes(name, values, StringValues.Empty, _gateway) ? 1 : 0;
        }

        return passed;
    }
}
