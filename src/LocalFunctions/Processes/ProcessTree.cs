using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Gateway.LocalFunctions.Processes;

/// <summary>Ends a process with all it started, those that have left it included where the system lets us find them.</summary>
internal static class ProcessTree
{
    private const int MostPasses = 10;

    /// <summary>Kills.</summary>
    /// <param name="process">The process; it may have ended already.</param>
    /// <param name="instanceId">Value of <c>FC_INSTANCE_ID</c> in its environment, which all inherit.</param>
    public static void Kill(Process process, string instanceId)
    {
        TryKill(process);
        if (Directory.Exists("/proc/self"))
        {
            var marker = Encoding.UTF8.GetBytes($"FC_INSTANCE_ID={instanceId}\0");
            for (var pass = 0; pass < MostPasses && KillMarked(marker); pass++)
            {
                // Once more: one that was killed may have started another meanwhile.
            }
        }
    }

    /// <summary>Kills all that have the marker in their environment; false when none has.</summary>
    private static bool KillMarked(ReadOnlySpan<byte> marker)
    {
        var found = false;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Has(folder, marker))
            {
                TryKill(id);
                found = true;
            }
        }

        return found;
    }

    private static bool Has(string folder, ReadOnlySpan<byte> marker)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(folder, "environ")).AsSpan().IndexOf(marker) >= 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false; // Another user's, or ended meanwhile.
        }
    }

    private static void TryKill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            TryKill(process);
        }
        catch (ArgumentException)
        {
            // Ended meanwhile.
        }
    }

    private static void TryKill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or AggregateException)
        {
            // Ended already.
        }
    }
}
