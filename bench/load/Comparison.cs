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
    private readonly Programs _programs = new(options.Profiles);
    private readonly Dictionary<Profile, List<RoundPair>> _results =
        options.Profiles.ToDictionary(static profile => profile, static _ => new List<RoundPair>());

    /// <summary>The rounds of each profile, over all starts.</summary>
    public async Task<IReadOnlyDictionary<Profile, List<RoundPair>>> RunAsync()
    {
        await using var backend = await Programs.StartBackendAsync();
        for (var start = 1; start <= options.Starts; start++)
        {
            progress.WriteLine($"Start {start} of {options.Starts}, CPU us/request:");
            await using var bare = await _programs.StartBareYarpAsync(backend);
            await using var gateway = await StartOtherAsync(backend);
            foreach (var profile in options.Profiles)
            {
                await RunAsync(profile, bare, gateway);
            }
        }

        return _results;
    }

    private Task<ServerProcess> StartOtherAsync(ServerProcess backend)
        => options.IsSelfComparison ? _programs.StartBareYarpAsync(backend) : _programs.StartGatewayAsync(backend);

    private async Task RunAsync(Profile profile, ServerProcess bare, ServerProcess gateway)
    {
        var bareSide = (Server: bare, Request: profile.Bare);
        var gatewaySide = (Server: gateway, Request: options.IsSelfComparison ? profile.Bare : profile.Gateway);
        var warmUp = new WarmUp(_load);
        await warmUp.RunAsync(bareSide.Server, bareSide.Request);
        await warmUp.RunAsync(gatewaySide.Server, gatewaySide.Request);

        for (var round = 0; round < options.Rounds; round++)
        {
            // Every second round in reverse order, so that a machine that slowly gets louder harms both alike.
            var isReversed = round % 2 == 1;
            var first = await MeasureAsync(isReversed ? gatewaySide : bareSide);
            var second = await MeasureAsync(isReversed ? bareSide : gatewaySide);
            var pair = isReversed ? new RoundPair(second, first) : new RoundPair(first, second);
            _results[profile].Add(pair);
            progress.WriteLine($"  {profile.Name}: {pair.Bare.Cost:F1} and {pair.Gateway.Cost:F1}, ratio {pair.Ratio:F2}");
        }
    }

    private async Task<Sample> MeasureAsync((ServerProcess Server, LoadRequest Request) side)
    {
        var sample = await _load.RunAsync(side.Server, side.Request, options.Round);
        if (sample.Others <= MostOthers)
        {
            return sample;
        }

        var again = await _load.RunAsync(side.Server, side.Request, options.Round);
        return again.Others < sample.Others ? again : sample;
    }
}
