namespace Gateway.Observability;

/// <summary>The program's metrics as the text that a scraper reads.</summary>
internal interface IMetricsText
{
    /// <summary>Content type of what <see cref="WriteAsync"/> writes, with its version and charset.</summary>
    string ContentType { get; }

    /// <summary>Collects and writes all metrics.</summary>
    /// <param name="body">Where to; the caller owns it.</param>
    /// <param name="cancellationToken">The scraper has gone.</param>
    ValueTask WriteAsync(Stream body, CancellationToken cancellationToken);
}
