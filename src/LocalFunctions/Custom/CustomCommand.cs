using System.Globalization;
using Gateway.LocalFunctions.Processes;
using Gateway.LocalFunctions.Runtimes;

namespace Gateway.LocalFunctions.Custom;

/// <summary>The command that starts a custom runtime's server.</summary>
internal static class CustomCommand
{
    private const string Default = "./bootstrap";
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>How the server is started.</summary>
    /// <param name="function">The function.</param>
    /// <param name="port">Where it is to listen.</param>
    /// <exception cref="StartFailedException">There is no such program; found out here because a shell's own exit code could be the program's.</exception>
    public static LaunchPlan Plan(FunctionSettings function, int port)
    {
        if (!Directory.Exists(function.Folder))
        {
            throw Missing(function, $"there is no folder {function.Folder}, which its Code names");
        }

        var command = function.Options.Command;
        var program = command.Count > 0 ? command[0] : Default;
        var portText = port.ToString(CultureInfo.InvariantCulture);
        return new LaunchPlan(Find(function, program), [.. command.Skip(1)])
        {
            Environment = new Dictionary<string, string>
            {
                ["FC_RUNTIME"] = "custom",
                ["FC_SERVER_PORT"] = portText,
                ["FC_CUSTOM_LISTEN_PORT"] = portText, // its older name
            },
        };
    }

    /// <summary>A name without a folder is looked for on PATH, any other starts from the folder of the code.</summary>
    private static string Find(FunctionSettings function, string program)
    {
        if (!program.AsSpan().ContainsAny('/', Path.DirectorySeparatorChar))
        {
            // With a PATH of the function's own, only its shell can tell.
            return function.Options.Environment.ContainsKey("PATH") ? program
                : ExecutablePath.FindFirst([program])
                    ?? throw Missing(function, $"'{program}' is not on PATH. Install it, or write ./{program} for a file in the folder of the code");
        }

        var path = Path.GetFullPath(Path.Combine(function.Folder, program));
        if (!File.Exists(path))
        {
            throw Missing(function, $"there is no file {path}. Add it, or name another program in Command");
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Executable) == 0)
        {
            throw Missing(function, $"{path} is not executable. Run: chmod +x {path}");
        }

        return path;
    }

    private static StartFailedException Missing(FunctionSettings function, string problem)
        => new("CAFileNotFound", $"function '{function.Name}' cannot be started: {problem}");
}
