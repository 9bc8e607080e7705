namespace Gateway.Bench.Load;

/// <summary>Bare YARP and the gateway in the same round, right after each other.</summary>
internal sealed record RoundPair(Sample Bare, Sample Gateway)
{
    /// <summary>Cost of the gateway with that of bare YARP as 1.</summary>
    public double Ratio => Gateway.Cost / Bare.Cost;
}

/// <summary>Runs both programs side by side: several starts, and in each all profiles in interleaved rounds.</summary>
internal sealed class Comparison(LoadOptions options, TextWriter progress)
{
    /// <summary>A round in which others took more of the server's core than this is run once more.</summary>
    private const double MostOthers = 0.15;

    private readonly LoadGenerator _load = new(options.Connections);
    private readonly WarmUp _warmUp = new(new LoadGenerator(options.Connections));
    private readonly Programs _programs = new(options.Profiles);

    /// <summary>The rounds of each profile, over all starts.</summary>
    public async Task<IReadOnlyDictionary<Profile, List<RoundPair>>> RunAsync()
    {
        var results = options.Profiles.ToDictionary(static profile => profile, static _ => new List<RoundPair>());
        await using var backend = await Programs.StartBackendAsync();
        for (var start = 1; start <= options.Starts; start++)
        {
            await using var bare = await _programs.StartBareYarpAsync(backend);
            await using var gateway = await (options.IsSelfComparison ? _programs.StartBareYarpAsync(backend) : _programs.StartGatewayAsync(backend));
            foreach (var profile in options.Profiles)
            {
                var request = options.IsSelfComparison ? profile.Bare : profile.Gateway;
                await _warmUp.RunAsync(bare, profile.Bare);
                await _warmUp.RunAsync(gateway, request);
                for (var round = 0; round < options.Rounds; round++)
                {
                    // Every second round in reverse order, so that a machine that slowly gets louder harms both alike.
                    var first = round % 2 == 0 ? await MeasureAsync(bare, profile.Bare) : await MeasureAsync(gateway, request);
                    var second = round % 2 == 0 ? await MeasureAsync(gateway, request) : await MeasureAsync(bare, profile.Bare);
                    var pair = round % 2 == 0 ? new RoundPair(first, second) : new RoundPair(second, first);
                    results[profile].Add(pair);
                    progress.WriteLine($"start {start}, {profile.Name}: {pair.Bare.Cost:F1} and {pair.Gateway.Cost:F1} us/request, {pair.Ratio:F2} x");
                }
            }
        }

        return results;
    }

    private async Task<Sample> MeasureAsync(ServerProcess server, LoadRequest request)
    {
        var sample = await _load.RunAsync(server, request, options.Round);
        if (sample.Others <= MostOthers)
        {
            return sample;
        }

        var again = await _load.RunAsync(server, request, options.Round);
        return again.Others < sample.Others ? again : sample;
    }
}
