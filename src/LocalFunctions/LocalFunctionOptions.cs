using System.ComponentModel.DataAnnotations;
using Gateway.Contracts;

namespace Gateway.LocalFunctions;

/// <summary>One entry of <c>Gateway:LocalFunctions</c>: a function that runs on this machine, in a process of its own. Development only.</summary>
public sealed record LocalFunctionOptions
{
    /// <summary>What runs the function. Required.</summary>
    public LocalRuntime? Runtime { get; init; }

    /// <summary>Folder of the code, relative to the configuration's folder. Required.</summary>
    public string? Code { get; init; }

    /// <summary>
    /// What is called: <c>file.function</c> for Node.js, Python and PHP, <c>package.Class::method</c> for Java. Required except for a custom
    /// runtime, which has none.
    /// </summary>
    public string? Handler { get; init; }

    /// <summary>Program and arguments that start a custom runtime's server; default: <c>./bootstrap</c>.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Port on which a custom runtime's server listens, when it does not read <c>FC_SERVER_PORT</c>; needs a <see cref="Concurrency"/> of 1. Default: a free one.</summary>
    [Range(1, 65535)]
    public int? Port { get; init; }

    /// <summary>Called once in each process, before its first event; written as <see cref="Handler"/> is. For a custom runtime any text: it gets <c>POST /initialize</c>.</summary>
    public string? Initializer { get; init; }

    /// <summary>Called once in each process, before it is stopped; written as <see cref="Handler"/> is. For a custom runtime any text: it gets <c>GET /pre-stop</c>.</summary>
    public string? PreStop { get; init; }

    /// <summary>Environment variables of the function, over those of this process.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Longest time one call may take; the call then fails as a function error and its process ends.</summary>
    [Between("1ms", "24h")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Calls at once, each in a process of its own; one more is refused with <c>429 ResourceExhausted</c>.</summary>
    [Range(1, 200)]
    public int Concurrency { get; init; } = 10;

    /// <summary>Whether both say the same; the record's own equality asks whether maps and lists are the same object.</summary>
    internal bool IsSame(LocalFunctionOptions other)
        => this with { Command = other.Command, Environment = other.Environment } == other
            && Command.SequenceEqual(other.Command)
            && Environment.Count == other.Environment.Count
            && Environment.All(entry => other.Environment.TryGetValue(entry.Key, out var value) && value == entry.Value);
}
