using System.Text;

namespace Gateway.LocalFunctions.Tests;

/// <summary>A temporary folder of a function's code. Disposing of it checks that no process of the function is left, then removes it.</summary>
internal sealed class CodeFolder : IDisposable
{
    public string FullPath { get; } = Directory.CreateTempSubdirectory("gateway-function-").FullName;

    public void Write(string file, string code)
    {
        var path = Path.Combine(FullPath, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, code);
    }

    /// <summary>Ids of processes that were started for this folder's function, or by one that was. None where there is no <c>/proc</c>.</summary>
    public IReadOnlyList<int> FindProcesses()
    {
        var marker = Encoding.UTF8.GetBytes($"FC_FUNC_CODE_PATH={FullPath}\0");
        return Directory.Exists("/proc/self")
            ? [.. Directory.EnumerateDirectories("/proc").Where(folder => Has(folder, marker)).Select(static folder => int.Parse(Path.GetFileName(folder), null))]
            : [];
    }

    public void Dispose()
    {
        Assert.Empty(FindProcesses());
        Directory.Delete(FullPath, recursive: true);
    }

    private static bool Has(string folder, ReadOnlySpan<byte> marker)
    {
        try
        {
            return int.TryParse(Path.GetFileName(folder), out _) && File.ReadAllBytes(Path.Combine(folder, "environ")).AsSpan().IndexOf(marker) >= 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
