using BenchmarkDotNet.Attributes;
using Gateway.Contracts;

namespace Gateway.Benchmarks;

/// <summary>What is done with every request's path: cutting, decoding, and taking raw segments for a backend's path.</summary>
[MemoryDiagnoser]
public class PathBenchmarks
{
    private readonly PathTemplate _template = Parse("/shops/[shop]/orders/[order]/*");
    private readonly string _target = "/shops/7/orders/42/items?expand=lines&page=2";
    private readonly string _plain = "orders";
    private readonly string _escaped = "caf%C3%A9%20noir";

    /// <summary>Cuts a target into path and query.</summary>
    [Benchmark]
    public int CutTarget() => RequestTarget.TryParse(_target, out var target) ? target.Path.Length : 0;

    /// <summary>Decodes a segment that has no escapes.</summary>
    [Benchmark]
    public string? DecodePlainSegment() => PercentEncoding.TryDecodeSegment(_plain, out var decoded) ? decoded : null;

    /// <summary>Decodes a segment with three escaped bytes.</summary>
    [Benchmark]
    public string? DecodeEscapedSegment() => PercentEncoding.TryDecodeSegment(_escaped, out var decoded) ? decoded : null;

    /// <summary>Takes the rest of a path, as sent.</summary>
    [Benchmark]
    public int TakeTail() => _template.RawSegment(_target, _template.Segments.Length - 1).Length;

    private static PathTemplate Parse(string text)
        => PathTemplate.TryParse(text, out var template, out var problem) ? template! : throw new FormatException(problem);
}
