namespace Gateway;

/// <summary>Every log message of the program itself; ids 2000 to 2999.</summary>
internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Error, "Request {RequestId} failed by a bug of the gateway.", EventName = "UnhandledException")]
    public static partial void UnhandledException(this ILogger logger, string requestId, Exception exception);

    [LoggerMessage(2002, LogLevel.Information, "Configuration {Revision} is in force: {Apis} APIs.", EventName = "ConfigurationApplied")]
    public static partial void ConfigurationApplied(this ILogger logger, string revision, int apis);

    [LoggerMessage(2003, LogLevel.Error, "The changed configuration is refused, the last good one stays in force.\n{Problems}", EventName = "ConfigurationRefused")]
    public static partial void ConfigurationRefused(this ILogger logger, string problems);

    [LoggerMessage(2004, LogLevel.Error, "The changed configuration could not be applied, the last good one stays in force.", EventName = "ConfigurationNotApplied")]
    public static partial void ConfigurationNotApplied(this ILogger logger, Exception exception);

    [LoggerMessage(2005, LogLevel.Information, "The files are valid again; configuration {Revision} stays in force.", EventName = "ConfigurationMended")]
    public static partial void ConfigurationMended(this ILogger logger, string revision);

    [LoggerMessage(2006, LogLevel.Warning, "The configuration of {Environment} has no API: every request is refused.", EventName = "NothingServed")]
    public static partial void NothingServed(this ILogger logger, string environment);

    [LoggerMessage(2020, LogLevel.Information, "Management port: {Address}", EventName = "ManagementPortOpen")]
    public static partial void ManagementPortOpen(this ILogger logger, Uri address);

    [LoggerMessage(2022, LogLevel.Information, "Draining: requests are still served for {Delay}.", EventName = "Draining")]
    public static partial void Draining(this ILogger logger, TimeSpan delay);

    [LoggerMessage(2030, LogLevel.Information, "Certificate {Name} is in force, until {ExpiresAt:u}.", EventName = "CertificateInForce")]
    public static partial void CertificateInForce(this ILogger logger, string name, DateTimeOffset expiresAt);

    [LoggerMessage(2031, LogLevel.Warning, "Certificate {Name} ends at {ExpiresAt:u}. Renew it.", EventName = "CertificateEndsSoon")]
    public static partial void CertificateEndsSoon(this ILogger logger, string name, DateTimeOffset expiresAt);

    [LoggerMessage(2032, LogLevel.Error, "The changed files of certificate {Name} are not used, the last good ones stay in force. {Problem}", EventName = "CertificateKept")]
    public static partial void CertificateKept(this ILogger logger, string name, string problem);

    [LoggerMessage(2021, LogLevel.Warning, "{Problem} Probes, metrics and /config are missing until then; requests are served.", EventName = "ManagementPortTaken")]
    public static partial void ManagementPortTaken(this ILogger logger, string problem);
}
