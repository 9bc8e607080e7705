using System.Globalization;
using System.Net;

namespace Gateway.LocalFunctions.Serving;

/// <summary>What the command line asks for.</summary>
/// <param name="Folder">Full path of the folder to serve.</param>
/// <param name="Address">Where to listen.</param>
/// <param name="Port">Port to listen on; 0 for a free one.</param>
internal sealed record ServeArguments(string Folder, IPAddress Address, int Port)
{
    private const int DefaultPort = 9000;

    /// <summary>Reads the arguments after the verb.</summary>
    /// <returns>What they ask for; null when they are not valid, with the problem.</returns>
    public static ServeArguments? Parse(ReadOnlySpan<string> args, out string problem)
    {
        problem = "";
        string? folder = null;
        var (address, port) = (IPAddress.Loopback, DefaultPort);
        for (var i = 0; i < args.Length && problem.Length == 0; i++)
        {
            var value = i + 1 < args.Length ? args[i + 1] : "";
            switch (args[i])
            {
                case "--port":
                    i++;
                    if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out port) || port > IPEndPoint.MaxPort)
                    {
                        problem = $"--port takes a number from 0 to {IPEndPoint.MaxPort}, not '{value}'.";
                    }

                    break;
                case "--host":
                    i++;
                    if (!TryReadAddress(value, out address))
                    {
                        problem = $"--host takes an IP address or localhost, not '{value}'.";
                    }

                    break;
                case ['-', ..] option:
                    problem = $"there is no option {option}.";
                    break;
                case var argument when folder is null:
                    folder = argument;
                    break;
                case var argument:
                    problem = $"one folder is served, and '{argument}' is a second.";
                    break;
            }
        }

        if (problem.Length == 0 && folder is null)
        {
            problem = "which folder? Write: serve DIR.";
        }

        return problem.Length == 0 ? new ServeArguments(Path.GetFullPath(folder!), address, port) : null;
    }

    private static bool TryReadAddress(string text, out IPAddress address)
    {
        address = IPAddress.Loopback;
        if (text == "localhost")
        {
            return true;
        }

        var isAddress = IPAddress.TryParse(text, out var parsed);
        address = parsed ?? address;
        return isAddress;
    }
}
