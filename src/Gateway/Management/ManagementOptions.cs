using System.ComponentModel.DataAnnotations;

namespace Gateway.Management;

/// <summary>The section <c>Gateway:Management</c>: the port for probes, metrics and the effective configuration. Read at start; a change needs a restart.</summary>
public sealed record ManagementOptions
{
    /// <summary>False opens no management port.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>IP address to listen on. The default is for this machine only; in a container write <c>0.0.0.0</c> or <c>::</c>, and keep the port off the internet.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>TCP port; 0 takes a free one.</summary>
    [Range(0, 65535)]
    public int Port { get; init; } = 8081;
}
