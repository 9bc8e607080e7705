using Gateway.Commands.Routes;
using Gateway.Configuration;
using Gateway.Configuration.Documents;
using Gateway.Configuration.Reload;
using Gateway.Samples;

namespace Gateway.Commands;

/// <summary>The verbs of the program. Exit codes: 0 done, 1 the configuration is not valid, 2 the arguments are not.</summary>
internal static class CommandLine
{
    private const string Usage = """
        Gateway: an API gateway in front of functions.

          gateway [run]               serve (the default)
          gateway validate            check the configuration and list everything that is wrong with it
          gateway routes [--json]     list the APIs: method, host, path, backend, policies, timeout
          gateway schema              print the JSON schema of the configuration files

        Options:
          --config DIR                read appsettings*.json from DIR (or variable GATEWAY_CONFIG)
          --stage NAME                environment or stage to read, e.g. Production or RELEASE (or ASPNETCORE_ENVIRONMENT)
          --Key:Sub=value             set any key of the configuration, e.g. --Gateway:Limits:Url=4KB
          --urls http://…             listen there, as in every ASP.NET Core program
        """;

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        if (!Invocation.TryParse(args, out var invocation, out var problem))
        {
            await error.WriteLineAsync($"gateway: {problem}{Environment.NewLine}{Environment.NewLine}{Usage}");
            return 2;
        }

        switch (invocation.Verb)
        {
            case "help":
                await output.WriteLineAsync(Usage);
                return 0;
            case "schema":
                await output.WriteAsync(SchemaGenerator.Generate());
                return 0;
        }

        var source = invocation.ToSource(SampleFunctions.All);
        var watcher = new ConfigurationWatcher(source, TimeProvider.System, ConfigurationWatcher.DefaultInterval); // Before the first look at the files.
        var result = ConfigurationLoader.Load(source);
        if (result.Configuration is not { } configuration)
        {
            var occasion = invocation.Verb == "run" ? ReportOccasion.Start : ReportOccasion.Validate;
            await error.WriteAsync(ProblemReport.Write(result.Problems, source.Environment, occasion));
            return 1;
        }

        switch (invocation.Verb)
        {
            case "validate":
                await output.WriteLineAsync($"The configuration of {source.Environment} is valid: {ApiListing.Count(configuration)} APIs in {source.Folder}.");
                return 0;
            case "routes":
                await output.WriteAsync(invocation.Json ? ApiListing.WriteJson(configuration) : ApiListing.WriteTable(configuration));
                return 0;
            default:
                return await Hosting.GatewayHost.RunAsync(configuration, source, watcher, output, error);
        }
    }
}
