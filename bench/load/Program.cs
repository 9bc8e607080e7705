using Gateway.Bench.Load;

if (args.Contains("--help"))
{
    Console.WriteLine(LoadOptions.Usage);
    return 0;
}

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

    var failures = results.Values
        .SelectMany(static rounds => rounds)
        .SelectMany(static round => round.Bare.Failures.Concat(round.Gateway.Failures))
        .ToArray();
    if (failures is [var first, ..])
    {
        Console.Error.WriteLine($"{failures.Length} wrong answers make the table worthless. The first: {first}");
        return 1;
    }

    return 0;
}
catch (InvalidOperationException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
