using Gateway.Bench.Load;

LoadOptions options;
try
{
    options = LoadOptions.Parse(args);
}
catch (FormatException exception)
{
    Console.Error.WriteLine($"{exception.Message}\n\n{LoadOptions.Usage}");
    return 2;
}

try
{
    if (options.Build)
    {
        await Programs.BuildAsync();
    }

    CpuPinning.PinSelf();
    var results = await new Comparison(options, Console.Error).RunAsync();
    Report.Write(Console.Out, results, options);

    var failures = results.Values.SelectMany(static rounds => rounds).SelectMany(static round => round.Bare.Failures.Concat(round.Gateway.Failures)).ToList();
    if (failures.Count > 0)
    {
        Console.Error.WriteLine($"{failures.Count} wrong answers make the table worthless. The first: {failures[0]}");
    }

    return failures.Count == 0 ? 0 : 1;
}
catch (InvalidOperationException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
