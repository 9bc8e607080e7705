using Gateway.Commands.Explaining;
using Gateway.Commands.Health;
using Gateway.Commands.Invoking;
using Gateway.Commands.Routes;
using Gateway.Commands.Signing;
using Gateway.Configuration;
using Gateway.Configuration.Documents;
using Gateway.Configuration.Reload;
using Gateway.Hosting;
using Gateway.Samples;

namespace Gateway.Commands;

/// <summary>The verbs of the program.</summary>
/// <remarks>
/// Exit codes: 0 done; 1 the configuration is not valid, <c>explain</c> found a refusal, <c>healthcheck</c> no ready gateway, or the client of <c>invoke</c> would meet an error of
/// the gateway; 2 the arguments are not valid.
/// </remarks>
internal static class CommandLine
{
    private const string Usage = """
        Gateway: an API gateway in front of functions.

          gateway [run]               serve (the default)
          gateway validate            check the configuration and list everything that is wrong with it
          gateway routes [--json]     list the APIs: method, host, path, backend, policies, timeout
          gateway sign [METHOD] URL   sign a request: the string-to-sign, the headers and a curl line
          gateway explain [METHOD] URL | --request FILE
                                      say what would become of a request, and why; nothing is sent
          gateway invoke API [METHOD] PATH | --event FILE
                                      call the event function of an API: its event, its raw result, the answer made of it
          gateway event API [METHOD] PATH
                                      print that event and call nothing, e.g. > event.json
          gateway schema              print the JSON schema of the configuration files
          gateway healthcheck         ask the management port of the running gateway whether it is ready (exit code 0 or 1)

        Options:
          --config DIR                read appsettings*.json from DIR (or variable GATEWAY_CONFIG)
          --stage NAME                environment or stage to read, e.g. Production or RELEASE (or ASPNETCORE_ENVIRONMENT)
          --Key:Sub=value             set any key of the configuration, e.g. --Gateway:Limits:Url=4KB
          --urls http://…             listen there, as in every ASP.NET Core program

        The request of sign, explain, invoke and event, as for curl (a whole curl line may follow the verb, or the API):
          -X METHOD, -I               the method; default GET, with a body POST
          -H 'Name: value'            a header
          -d TEXT, -d @FILE           the body; --data-raw TEXT never reads a file

        sign:
          --app NAME                  sign for this app of the configuration …
          --key K --secret S          … or with this key pair
          --method HmacSHA1           default HmacSHA256
          --sign-header NAME          sign this header too; X-Ca-* ones always are
          --no-nonce                  leave X-Ca-Nonce out
          --curl                      print the curl line only, e.g. to pipe it into sh

        explain:
          --request FILE              a raw HTTP/1.1 request instead of a URL
          --from ADDRESS              address of the TCP peer, default 127.0.0.1
          --client-string FILE|TEXT   what the client signed, to find the first line that differs from the server's

        invoke and event (API is a name, or GROUP/NAME; a PATH alone is enough of a URL; a local function is started and stopped again):
          --event FILE                send these bytes as the event, instead of that of a request
          --output FILE               write the body of the answer there
          No credentials, limits or address lists of clients are checked: explain tells of those. invoke exits with 1 when the client
          would meet an error of the gateway, a function that failed included.
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

        if (invocation is { Verb: "sign", Request: { } toSign })
        {
            return SignCommand.Run(toSign, () => TryLoad(invocation.ToSource(SampleFunctions.All), error), TimeProvider.System, output, error);
        }

        if (invocation.Verb == "healthcheck")
        {
            return await HealthCheckCommand.RunAsync(invocation.ToSource([]), output, error);
        }

        using var signals = invocation.Verb == "run" ? new ShutdownSignals() : null;
        var source = invocation.ToSource(SampleFunctions.All);
        var watcher = new ConfigurationWatcher(source, TimeProvider.System, ConfigurationWatcher.DefaultInterval); // Before the first look at the files.
        if (TryLoad(source, error, invocation.Verb == "run" ? ReportOccasion.Start : ReportOccasion.Validate) is not { } configuration)
        {
            return 1;
        }

        switch (invocation.Verb)
        {
            case "validate":
                await output.WriteLineAsync($"The configuration of {source.Environment} is valid: {ApiListing.Count(configuration)} APIs in {source.Folder}.");
                return 0;
            case "explain":
                return await ExplainCommand.RunAsync(invocation.Request!, configuration, source, TimeProvider.System, output, error);
            case "event":
                await using (var bytes = Console.OpenStandardOutput())
                {
                    return await InvokeCommand.WriteEventAsync(invocation.Request!, configuration, source, TimeProvider.System, bytes, error);
                }

            case "invoke":
                await using (var bytes = Console.OpenStandardOutput())
                {
                    return await InvokeCommand.InvokeAsync(invocation.Request!, configuration, source, SampleFunctions.All, TimeProvider.System, bytes, error);
                }

            case "routes":
                await output.WriteAsync(invocation.Json ? ApiListing.WriteJson(configuration) : ApiListing.WriteTable(configuration));
                return 0;
            default:
                return await GatewayHost.RunAsync(configuration, source, watcher, signals!, output, error);
        }
    }

    /// <summary>Reads the configuration, or tells what is wrong with it.</summary>
    private static GatewayConfiguration? TryLoad(ConfigurationSource source, TextWriter error, ReportOccasion occasion = ReportOccasion.Validate)
    {
        var result = ConfigurationLoader.Load(source);
        if (!result.IsValid)
        {
            error.Write(ProblemReport.Write(result.Problems, source.Environment, occasion));
        }

        return result.Configuration;
    }
}
