using System.Diagnostics;
using System.Globalization;

namespace Gateway.LocalFunctions.Processes;

/// <summary>A small shell beside this process that ends the functions' processes when this one is gone, however it ended.</summary>
/// <remarks>
/// It waits for the end of its standard input, which the system closes when this process dies, even by SIGKILL. What it ends is found by a
/// variable that each process inherits from its parent, so that children which left their parent are found, too; where there is no
/// <c>/proc</c>, by the ids written to it, of which it forgets those that have ended. There is none on Windows: there a runtime's process ends when its connection to the host does.
/// </remarks>
internal sealed class OrphanGuard : IAsyncDisposable
{
    /// <summary>Variable of every function process that names its host.</summary>
    public const string HostVariable = "FC_LOCAL_HOST_ID";

    private const string Script =
        """
        exec >/dev/null 2>&1
        trap '' INT TERM HUP
        pids=
        folder=
        while read -r line; do
          case $line in
            /*) folder=$line ;;
            -*) rest=; for pid in $pids; do [ "-$pid" = "$line" ] || rest="$rest $pid"; done; pids=$rest ;;
            *) pids="$pids $line" ;;
          esac
        done
        if [ -r /proc/self/environ ]; then
          pids=
          for file in $(grep -lsz "^FC_LOCAL_HOST_ID=$1\$" /proc/[0-9]*/environ); do
            pid=${file#/proc/}
            pids="$pids ${pid%/environ}"
          done
        fi
        [ -z "$pids" ] || kill -9 $pids
        [ -z "$folder" ] || rm -rf "$folder"
        """;

    private readonly Lock _lock = new();
    private readonly Process? _shell;
    private bool _isDisposed;

    private OrphanGuard(string hostId, Process? shell)
    {
        HostId = hostId;
        _shell = shell;
    }

    /// <summary>Value of <see cref="HostVariable"/>.</summary>
    public string HostId { get; }

    /// <summary>Starts a guard.</summary>
    public static OrphanGuard Start()
    {
        var hostId = Guid.NewGuid().ToString("N");
        if (OperatingSystem.IsWindows())
        {
            return new OrphanGuard(hostId, null);
        }

        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, UseShellExecute = false };
        foreach (var argument in (ReadOnlySpan<string>)["-c", Script, "sh", hostId])
        {
            start.ArgumentList.Add(argument);
        }

        return new OrphanGuard(hostId, Process.Start(start));
    }

    /// <summary>Tells the guard of a process that runs.</summary>
    /// <returns>False when the guard has been disposed of; the caller must then end the process itself.</returns>
    public bool TryWatch(int processId)
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return false;
            }

            Write(processId.ToString(CultureInfo.InvariantCulture));
            return true;
        }
    }

    /// <summary>Tells the guard that a process has ended: the system may give its id to another.</summary>
    public void Forget(int processId)
    {
        lock (_lock)
        {
            if (!_isDisposed)
            {
                Write((-processId).ToString(CultureInfo.InvariantCulture));
            }
        }
    }

    /// <summary>Has the guard delete a folder when it has ended all processes. One at most.</summary>
    /// <param name="folder">Its full path.</param>
    public void DeleteInTheEnd(string folder)
    {
        lock (_lock)
        {
            if (!_isDisposed)
            {
                Write(folder);
            }
        }
    }

    /// <summary>Ends what is left now, and the guard.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
        }

        if (_shell is not null)
        {
            Close(_shell.StandardInput);
            await _shell.WaitForExitAsync();
            _shell.Dispose();
        }
    }

    private void Write(string line)
    {
        try
        {
            _shell?.StandardInput.WriteLine(line);
            _shell?.StandardInput.Flush();
        }
        catch (IOException)
        {
            // Somebody killed the guard. Functions run without one.
        }
    }

    private static void Close(StreamWriter input)
    {
        try
        {
            input.Close();
        }
        catch (IOException)
        {
            // Somebody killed the guard.
        }
    }
}
