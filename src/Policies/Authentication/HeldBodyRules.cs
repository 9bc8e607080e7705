namespace Gateway.Policies.Authentication;

/// <summary>What a body may take while it is held.</summary>
internal readonly record struct HeldBodyRules
{
    /// <summary>Most bytes of it in memory; a longer body goes into a file. 0 or more.</summary>
    public required long MemoryLimit { get; init; }

    /// <summary>Most bytes taken at all.</summary>
    public required long Limit { get; init; }

    /// <summary>Most bytes that all held bodies may have in memory.</summary>
    public required long TotalMemory { get; init; }

    /// <summary>Longest time for it to arrive.</summary>
    public required TimeSpan Deadline { get; init; }

    /// <summary>Folder of the file; null for the system's temporary folder.</summary>
    public string? Folder { get; init; }

    /// <summary>True when its MD5 will be asked for.</summary>
    public bool WithMd5 { get; init; }
}
