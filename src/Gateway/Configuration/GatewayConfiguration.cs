using System.Diagnostics.CodeAnalysis;

namespace Gateway.Configuration;

/// <summary>A configuration in which nothing is wrong. Immutable.</summary>
internal sealed record GatewayConfiguration
{
    /// <summary>The section <c>Gateway</c>, bound and validated. Its maps compare names without case.</summary>
    public required GatewayOptions Options { get; init; }

    /// <summary>The whole merged tree, all sections.</summary>
    public required ConfigNode Root { get; init; }

    /// <summary>Name of the environment.</summary>
    public required string Environment { get; init; }

    /// <summary>The stage that is served, e.g. <c>RELEASE</c>; null for any known stage (Development without <c>Gateway:Stage</c>).</summary>
    public required string? Stage { get; init; }

    /// <summary>True in the environment Development.</summary>
    public bool IsDevelopment => Environment == StageName.Development;
}

/// <summary>What came of reading a <see cref="ConfigurationSource"/>: a configuration, or the problems that stand in its way.</summary>
/// <param name="Configuration">The configuration; null when there are problems.</param>
/// <param name="Problems">The problems by file and line; empty when there is a configuration.</param>
internal sealed record ConfigurationResult(GatewayConfiguration? Configuration, IReadOnlyList<Problem> Problems)
{
    /// <summary>True when there is a configuration.</summary>
    [MemberNotNullWhen(true, nameof(Configuration))]
    public bool IsValid => Configuration is not null;
}
