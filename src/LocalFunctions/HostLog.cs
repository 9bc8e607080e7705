using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.LocalFunctions;

/// <summary>Where the host and its functions log. Shared by all parts of one host.</summary>
/// <remarks>The gateway's own log is there only once its web host is built, and that needs the addresses of the functions: so it comes later.</remarks>
internal sealed class HostLog
{
    private const string Category = "Gateway.LocalFunctions";

    /// <summary>The host's own messages.</summary>
    public ILogger Logger { get; private set; } = NullLogger.Instance;

    /// <summary>Whether there is a log yet.</summary>
    public bool IsThere => Logger != NullLogger.Instance;

    /// <summary>From now on, log here.</summary>
    public void LogTo(ILoggerFactory loggerFactory) => Logger = loggerFactory.CreateLogger(Category);
}
