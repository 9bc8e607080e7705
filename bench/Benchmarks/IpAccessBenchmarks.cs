using System.Net;
using BenchmarkDotNet.Attributes;
using Gateway.Policies.IpAccess;

namespace Gateway.Benchmarks;

/// <summary>An <c>IpAccess</c> policy of 10,000 networks, half of them of each family, asked for addresses all over it.</summary>
[MemoryDiagnoser]
public class IpAccessBenchmarks
{
    private const int Networks = 10_000;
    private const int Addresses = 1024;
    private readonly IpAccessList _list = IpAccessList.Compile(Options());
    private readonly IPAddress[] _v4 = [.. Enumerable.Range(0, Addresses).Select(static i => IPAddress.Parse($"10.{i * 37 % 40}.{i * 91 % 256}.{i % 256}"))];
    private readonly IPAddress[] _v6 = [.. Enumerable.Range(0, Addresses).Select(static i => IPAddress.Parse($"2001:db8:{i * 97 % 10_000:x}::{i:x}"))];
    private int _next;

    /// <summary>An IPv4 address; half of them are in the list.</summary>
    [Benchmark]
    public bool MatchIPv4() => _list.AdmitsEverybody(_v4[_next++ % Addresses]);

    /// <summary>An IPv6 address; half of them are in the list.</summary>
    [Benchmark]
    public bool MatchIPv6() => _list.AdmitsEverybody(_v6[_next++ % Addresses]);

    /// <summary>An IPv4 address where the app has addresses of its own.</summary>
    [Benchmark]
    public bool MatchIPv4OfApp() => _list.Admits(_v4[_next++ % Addresses], "fcApp");

    /// <summary>Networks that neither overlap nor touch, so that none are merged.</summary>
    private static IpAccessOptions Options() => new()
    {
        Allow =
        [
            .. Enumerable.Range(0, Networks / 2).Select(static i => $"10.{i / 128}.{i % 128 * 2}.0/24"),
            .. Enumerable.Range(0, Networks / 2).Select(static i => $"2001:db8:{i * 2:x}::/48"),
        ],
        Apps = new Dictionary<string, IpAccessAppOptions> { ["fcApp"] = new() { Allow = ["192.0.2.0/24"] } },
    };
}
