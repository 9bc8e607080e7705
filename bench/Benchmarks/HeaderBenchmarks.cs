using BenchmarkDotNet.Attributes;
using Gateway.Backends.Http;
using Gateway.Contracts;
using Microsoft.Extensions.Primitives;

namespace Gateway.Benchmarks;

/// <summary>The rule that decides of each request header whether it goes on.</summary>
[MemoryDiagnoser]
public class HeaderBenchmarks
{
    private readonly GatewayFeature _gateway = new() { RequestId = "B3A1C5F0-6C0B-4B0E-9A55-6F1E1E2D7C10" };

    /// <summary>Mean time of one header.</summary>
    [Benchmark(OperationsPerInvoke = 8)]
    public int Passes()
    {
        var passed = 0;
        foreach (var (name, value) in SampleHeaders.Eight)
        {
            passed += RequestHeaderRules.Passes(name, value, StringValues.Empty, _gateway) ? 1 : 0;
        }

        return passed;
    }
}
