using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Gateway.Bench.Load;

/// <summary>Keeps the server under test alone on one core, and generator and backend on another, where the machine lets us.</summary>
internal static class CpuPinning
{
    /// <summary>Core of the server under test.</summary>
    public const int ServerCore = 0;

    /// <summary>Core of the load generator and the backend.</summary>
    public const int OtherCore = 1;

    /// <summary>True when <c>taskset</c> is there and both cores are ours to use.</summary>
    public static bool IsAvailable { get; } =
        OperatingSystem.IsLinux() && TryTaskset("-c", $"{ServerCore}", "true") && TryTaskset("-c", $"{OtherCore}", "true");

    /// <summary>Moves this process, with all its threads, to <see cref="OtherCore"/>.</summary>
    public static void PinSelf()
    {
        if (IsAvailable)
        {
            TryTaskset("-a", "-c", "-p", $"{OtherCore}", $"{Environment.ProcessId}");
        }
    }

    /// <summary>How to start a .NET program on a core; <c>taskset</c> becomes the program, so the process id is its own.</summary>
    public static ProcessStartInfo StartInfo(int core, string assembly)
        => IsAvailable
            ? new ProcessStartInfo("taskset", ["-c", $"{core}", "dotnet", assembly])
            : new ProcessStartInfo("dotnet", [assembly]);

    /// <summary>Time that <see cref="ServerCore"/> has been busy since the machine started, whoever used it; zero without pinning.</summary>
    public static TimeSpan ServerCoreBusy()
    {
        if (!IsAvailable)
        {
            return TimeSpan.Zero;
        }

        // proc_stat(5): user nice system idle iowait irq softirq steal, in hundredths of a second; guest time is part of user.
        var line = File.ReadLines("/proc/stat").First(static line => line.StartsWith($"cpu{ServerCore} ", StringComparison.Ordinal));
        var fields = line.Split(' ');
        var ticks = fields[1..9].Select(static field => long.Parse(field, CultureInfo.InvariantCulture)).ToArray();
        return TimeSpan.FromMilliseconds((ticks.Sum() - ticks[3] - ticks[4]) * 10);
    }

    private static bool TryTaskset(params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo("taskset", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
            using var process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
