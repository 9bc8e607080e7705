using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Configuration;
using Gateway.Configuration.Binding;
using Gateway.Configuration.Reading;
using Gateway.Management;

namespace Gateway.Commands.Health;

/// <summary>The verb <c>healthcheck</c>: asks the management port of the gateway that runs with the same configuration whether it is ready.</summary>
/// <remarks>For containers without a shell. By a bare socket, because each probe starts a runtime and an HTTP client doubles its time.</remarks>
internal static class HealthCheckCommand
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <summary>Asks, and writes one line.</summary>
    /// <returns>The exit code: 0 ready, 1 not ready or no answer.</returns>
    public static async Task<int> RunAsync(ConfigurationSource source, TextWriter output, TextWriter error)
    {
        var options = ReadOptions(source);
        if (!options.Enabled || options.Port == 0 || !IPAddress.TryParse(options.Address, out var address))
        {
            await error.WriteLineAsync("gateway: there is no management port to ask. Look at Gateway:Management.");
            return 1;
        }

        var endpoint = new IPEndPoint(ToCall(address), options.Port);
        try
        {
            var (status, reason) = await AskAsync(endpoint);
            await output.WriteLineAsync($"{endpoint}: {status} {reason}");
            return status == (int)HttpStatusCode.OK ? 0 : 1;
        }
        catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException)
        {
            await error.WriteLineAsync($"gateway: {endpoint} does not answer: {(exception is OperationCanceledException ? "timeout" : exception.Message)}");
            return 1;
        }
    }

    /// <summary>The section as far as it can be read: a file that a reload has refused does not make the running gateway ill.</summary>
    private static ManagementOptions ReadOptions(ConfigurationSource source)
    {
        var problems = new ProblemList();
        var section = ConfigurationReader.ReadWhatCanBeRead(source, problems)?.Child(ConfigurationLoader.SectionName)?.Child(nameof(GatewayOptions.Management));
        return section is { Kind: ConfigNodeKind.Object } ? new OptionsBinder(problems).Bind<ManagementOptions>(section) : new ManagementOptions();
    }

    /// <summary>Where to reach a server that listens on every interface.</summary>
    private static IPAddress ToCall(IPAddress address)
        => address.Equals(IPAddress.Any) ? IPAddress.Loopback : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : address;

    private static async Task<(int Status, string Reason)> AskAsync(IPEndPoint endpoint)
    {
        using var limit = new CancellationTokenSource(Timeout);
        using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(endpoint, limit.Token);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {ManagementPaths.Ready} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), limit.Token);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var answer = await reader.ReadToEndAsync(limit.Token);

        // "HTTP/1.1 200 OK", headers, an empty line, and one word.
        return answer.Length > 12 && int.TryParse(answer.AsSpan(9, 3), out var status)
            ? (status, answer[(answer.LastIndexOf("\r\n", StringComparison.Ordinal) + 2)..].Trim())
            : throw new IOException("it is not a gateway's management port.");
    }
}
