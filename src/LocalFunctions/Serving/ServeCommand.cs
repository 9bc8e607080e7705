using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Gateway.LocalFunctions.Serving;

/// <summary>The host as a program of its own: <c>serve DIR</c>.</summary>
internal static class ServeCommand
{
    private const string Usage = """
        Runs functions on this machine behind one port, called as in the cloud. For development.

          serve DIR [--port 9000] [--host 127.0.0.1]

        DIR holds functions.json:

          { "functions": { "hello": { "Runtime": "nodejs", "Code": "hello", "Handler": "index.handler" } } }

        Runtimes: nodejs, python, php, java, custom. Code is a folder, relative to DIR. Further keys: Timeout, Concurrency, Environment,
        Initializer, PreStop, and for custom Command and Port. The file is followed: save it, and it applies.

        Without functions.json, DIR or each folder in it is a function by its file: bootstrap (custom), index.js, index.mjs, index.py, index.php,
        with the handler index.handler.

          --port PORT     default 9000; 0 for a free one
          --host ADDRESS  default 127.0.0.1; 0.0.0.0 for calls from other machines and containers, which may then run these functions
        """;

    /// <summary>Serves until told to stop.</summary>
    /// <param name="args">The program's arguments.</param>
    /// <param name="output">Where the functions are listed.</param>
    /// <param name="error">Where problems are told.</param>
    /// <param name="loggers">Where the functions' own output goes.</param>
    /// <param name="time">The clock by which the folder is followed.</param>
    /// <param name="stop">Ends serving.</param>
    /// <returns>The exit code: 0 served and stopped, 1 cannot serve, 2 the arguments are not valid.</returns>
    public static async Task<int> RunAsync(
        string[] args, TextWriter output, TextWriter error, ILoggerFactory loggers, TimeProvider time, CancellationToken stop)
    {
        if (args.Any(static argument => argument is "--help" or "-h" or "help"))
        {
            await output.WriteLineAsync(Usage);
            return 0;
        }

        var problem = "the verb is serve.";
        if (args is not ["serve", ..] || ServeArguments.Parse(args.AsSpan(1), out problem) is not { } arguments)
        {
            await error.WriteLineAsync($"functions: {problem}{Environment.NewLine}{Environment.NewLine}{Usage}");
            return 2;
        }

        var folder = new ServedFolder(arguments.Folder, time);
        if (folder.Current.Problems.Count > 0)
        {
            await WriteProblemsAsync(folder.Current, error);
            return 1;
        }

        LocalFunctionHost host;
        try
        {
            host = await LocalFunctionHost.StartAsync([], arguments.Address, arguments.Port, stop);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            await error.WriteLineAsync($"functions: {Describe(exception, arguments)}");
            return 1;
        }

        await using (host)
        {
            await ServeAsync(host, arguments, folder, output, error, loggers, stop);
        }

        return 0;
    }

    private static async Task ServeAsync(
        LocalFunctionHost host, ServeArguments arguments, ServedFolder folder, TextWriter output, TextWriter error, ILoggerFactory loggers, CancellationToken stop)
    {
        host.LogTo(loggers);
        await output.WriteLineAsync($"Functions of {arguments.Folder}, at {host.Address}. Ctrl+C stops.");
        await ApplyAsync(folder.Current);
        await folder.FollowAsync(
            async served =>
            {
                if (served.Problems.Count > 0)
                {
                    await WriteProblemsAsync(served, error);
                    await error.WriteLineAsync("  The functions from before go on.");
                    return;
                }

                await output.WriteLineAsync($"The functions of {arguments.Folder} have changed.");
                await ApplyAsync(served);
            },
            stop);

        async Task ApplyAsync(ServedFunctions served)
        {
            host.Apply(served.Functions, arguments.Folder);
            await output.WriteAsync(FunctionListing.Write(served, host));
        }
    }

    private static async Task WriteProblemsAsync(ServedFunctions served, TextWriter error)
    {
        await error.WriteLineAsync(served.Problems.Count == 1 ? "functions: one problem:" : $"functions: {served.Problems.Count} problems:");
        foreach (var problem in served.Problems)
        {
            await error.WriteLineAsync($"  {problem}");
        }
    }

    private static string Describe(Exception exception, ServeArguments arguments)
    {
        var code = (exception as SocketException ?? exception.InnerException as SocketException ?? exception.InnerException?.InnerException as SocketException)?.SocketErrorCode;
        return code switch
        {
            SocketError.AddressAlreadyInUse => $"port {arguments.Port} is taken. Choose another, e.g. --port {(arguments.Port < IPEndPoint.MaxPort ? arguments.Port + 1 : 0)}, or 0 for a free one.",
            SocketError.AccessDenied => $"port {arguments.Port} may not be used by this user. Choose one above 1023.",
            SocketError.AddressNotAvailable => $"this machine has no address {arguments.Address}. Choose another --host.",
            _ => $"cannot listen on {arguments.Address}:{arguments.Port}: {exception.Message}",
        };
    }
}
