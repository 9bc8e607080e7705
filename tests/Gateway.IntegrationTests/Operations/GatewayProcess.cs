using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Gateway.IntegrationTests.Operations;

/// <summary>The program as a process of its own, for what only a process has: signals and an exit code.</summary>
public sealed partial class GatewayProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _folder;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Uri> _management = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private GatewayProcess(string folder, string environment, string[] arguments, IReadOnlyDictionary<string, string>? variables)
    {
        _folder = folder;
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "Gateway.dll"), "run", "--config", folder, "--stage", environment, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var name in new[] { "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS" })
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in variables ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += OnLine;
        _process.ErrorDataReceived += OnLine;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Where it serves, once it does.</summary>
    public Uri Address => _address.Task.Result;

    /// <summary>Its management port.</summary>
    public Uri Management => _management.Task.Result;

    /// <summary>Everything it has written.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Starts it without waiting for anything.</summary>
    /// <param name="gateway">JSON of the section <c>Gateway</c>.</param>
    /// <param name="environment">Name of the environment.</param>
    /// <param name="arguments">Further arguments.</param>
    public static GatewayProcess Launch(string gateway, string environment, params string[] arguments) => Launch(gateway, environment, variables: null, arguments);

    /// <summary>Starts it and waits until it serves.</summary>
    public static Task<GatewayProcess> StartAsync(string gateway, string environment, params string[] arguments)
        => StartAsync(gateway, environment, variables: null, arguments);

    /// <summary>Starts it with environment variables of its own, and waits until it serves.</summary>
    public static async Task<GatewayProcess> StartAsync(string gateway, string environment, IReadOnlyDictionary<string, string>? variables, params string[] arguments)
    {
        var process = Launch(gateway, environment, variables, arguments);
        await Task.WhenAll(process._address.Task, process._management.Task).WaitAsync(TimeSpan.FromSeconds(60));
        return process;
    }

    private static GatewayProcess Launch(string gateway, string environment, IReadOnlyDictionary<string, string>? variables, string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("gateway-process").FullName;
        File.WriteAllText(Path.Combine(folder, "appsettings.json"), $$"""{ "Gateway": {{gateway}} }""");
        return new GatewayProcess(folder, environment, ["--urls=http://127.0.0.1:0", "--Gateway:Management:Port=0", .. arguments], variables);
    }

    /// <summary>Sends a signal, e.g. <c>TERM</c>.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> ExitAsync(TimeSpan? within = null)
    {
        using var limit = new CancellationTokenSource(within ?? TimeSpan.FromSeconds(30));
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void OnLine(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not { } text)
        {
            return;
        }

        lock (_output)
        {
            _output.AppendLine(text);
        }

        if (ServingLine.Match(text) is { Success: true } serving)
        {
            _address.TrySetResult(new Uri(serving.Groups[1].Value));
        }

        if (ManagementLine.Match(text) is { Success: true } management)
        {
            _management.TrySetResult(new Uri(management.Groups[1].Value));
        }
    }

    [GeneratedRegex(@"Now listening on: (http://[\d.:]+)")]
    private static partial Regex ServingLine { get; }

    [GeneratedRegex(@"Management port: (http://[\d.:]+)")]
    private static partial Regex ManagementLine { get; }
}
