using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Gateway.LocalFunctions.Processes;

namespace Gateway.LocalFunctions.Runtimes;

/// <summary>Runs the Java compiler.</summary>
internal static class JavaCompiler
{
    private const int MostLines = 20;

    /// <summary>Options that make the compiler start soon and speak English in UTF-8, whatever the machine's language.</summary>
    private static readonly string[] Options =
    [
        "-J-XX:+UseSerialGC", "-J-XX:TieredStopAtLevel=1", "-J-XX:-UsePerfData",
        "-J-Duser.language=en", "-J-Dfile.encoding=UTF-8", "-J-Dstderr.encoding=UTF-8",
        "-encoding", "UTF-8", "-g", "-parameters", "-nowarn",
    ];

    /// <summary>Compiles, and waits for it.</summary>
    /// <param name="compiler">Full path of the compiler.</param>
    /// <param name="folder">Where it runs: names of sources in its messages are relative to it.</param>
    /// <param name="arguments">What to compile, and where to.</param>
    /// <param name="guard">Ends it should this process be killed.</param>
    /// <param name="stopping">Ends it at once.</param>
    /// <exception cref="StartFailedException">It found errors, or could not be run; the message has its first lines.</exception>
    public static async Task RunAsync(
        string compiler, string folder, IReadOnlyList<string> arguments, OrphanGuard guard, CancellationToken stopping)
    {
        using var process = Start(compiler, folder, arguments, guard);
        var id = process.Id;
        try
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(stopping);
            var error = await process.StandardError.ReadToEndAsync(stopping);
            await process.WaitForExitAsync(stopping);
            if (process.ExitCode != 0)
            {
                var lines = FirstLines(error + await output);
                throw new StartFailedException("FunctionNotStarted", $"the code in {folder} does not compile.\n{lines}");
            }
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None); // Until then it may write into a folder that is to be deleted.
            }

            guard.Forget(id);
        }
    }

    private static Process Start(string compiler, string folder, IReadOnlyList<string> arguments, OrphanGuard guard)
    {
        var start = new ProcessStartInfo(compiler)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var argument in (IEnumerable<string>)[.. Options, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        InheritedVariables.RemoveSettings(start.Environment);
        start.Environment[OrphanGuard.HostVariable] = guard.HostId;
        try
        {
            var process = Process.Start(start)!;
            if (!guard.TryWatch(process.Id))
            {
                process.Kill();
            }

            return process; // One that was killed ends without output, and its caller is being stopped.
        }
        catch (Win32Exception exception)
        {
            throw new StartFailedException("FunctionNotStarted", $"{compiler} cannot be run: {exception.Message}");
        }
    }

    private static string FirstLines(string output)
    {
        var lines = output.TrimEnd().ReplaceLineEndings("\n").Split('\n');
        var more = lines.Length - MostLines;
        return more <= 0
            ? string.Join('\n', lines)
            : string.Create(CultureInfo.InvariantCulture, $"{string.Join('\n', lines.Take(MostLines))}\n… and {more} more lines");
    }
}
