using System.Diagnostics;

namespace Gateway.Observability;

/// <summary>Writes one line a request into the category <c>Gateway.Access</c>, level Information.</summary>
/// <param name="loggers">Makes the logger.</param>
internal sealed class AccessLog(ILoggerFactory loggers)
{
    /// <summary>Name of the category, for the section <c>Logging</c>.</summary>
    public const string Category = "Gateway.Access";

    private static readonly EventId RequestServed = new(2100, nameof(RequestServed));
    private readonly ILogger _logger = loggers.CreateLogger(Category);

    /// <summary>Writes the line of a request. Nothing of it is worked out while the category is off.</summary>
    public void Write(HttpContext context, in RequestEnd end, Activity? span)
    {
        if (_logger.IsEnabled(LogLevel.Information))
        {
            _logger.Log(LogLevel.Information, RequestServed, AccessLogEntry.Create(context, end, span), exception: null, static (entry, _) => entry.ToString());
        }
    }
}
