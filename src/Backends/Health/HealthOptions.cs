using System.ComponentModel.DataAnnotations;
using Gateway.Contracts;

namespace Gateway.Backends.Health;

/// <summary>Takes addresses that do not work out of rotation. With none left, calls are refused with <c>X503BZ</c>.</summary>
public sealed record HealthOptions
{
    /// <summary>Judges addresses by the calls they get; absent for not at all.</summary>
    public PassiveHealthOptions? Passive { get; init; }

    /// <summary>Judges addresses by probes; absent for none. Web functions and custom runtimes only.</summary>
    public ActiveHealthOptions? Active { get; init; }
}

/// <summary>Judges addresses by the calls they get.</summary>
/// <remarks>Only what shows that an address does not work counts: no connection, a broken one, or a timeout. Any answer, a 500 too, shows that it works.</remarks>
public sealed record PassiveHealthOptions
{
    /// <summary>Failures in a row that take an address out.</summary>
    [Range(1, 1000)]
    public int Failures { get; init; } = 5;

    /// <summary>Time after which an address that was taken out gets calls again; one more failure then takes it out at once.</summary>
    [Between("1s", "1h")]
    public TimeSpan Reactivation { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>Judges addresses by probes: a GET that must be answered with a status from 200 to 299.</summary>
public sealed record ActiveHealthOptions
{
    /// <summary>Path of the probe, behind the path of the address. Required.</summary>
    public string? Path { get; init; }

    /// <summary>Time between two probes of an address.</summary>
    [Between("1s", "1h")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest time for an answer.</summary>
    [Between("10ms", "5m")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Failed probes in a row that take an address out; one that succeeds brings it back.</summary>
    [Range(1, 100)]
    public int Threshold { get; init; } = 2;
}
