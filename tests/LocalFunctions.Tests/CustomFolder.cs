using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.LocalFunctions.Runtimes;
using Gateway.TestSupport;

namespace Gateway.LocalFunctions.Tests;

/// <summary>A folder of code for custom runtimes, and a host that runs them; both gone when disposed of.</summary>
internal sealed partial class CustomFolder : IAsyncDisposable
{
    public const string Name = "probe";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("custom-function-");

    private CustomFolder(LocalFunctionHost host) => Host = host;

    public LocalFunctionHost Host { get; }

    public CustomLog Log { get; } = new();

    public string Path => _folder.FullName;

    /// <summary>The samples' own folder.</summary>
    public static string Sample { get; } = System.IO.Path.Combine(Repository.Root, "samples", "functions", "custom");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A host with the function <see cref="Name"/>, which runs <see cref="CustomServerCode"/>.</summary>
    public static async Task<CustomFolder> StartAsync(LocalFunctionOptions? options = null)
    {
        Assert.SkipWhen(ExecutablePath.FindFirst(["node"]) is null, "Node.js is not on PATH. Install it, version 18 or newer.");
        var folder = await StartEmptyAsync();
        folder.Write("server.js", CustomServerCode.Text);
        folder.Apply(options ?? new LocalFunctionOptions());
        return folder;
    }

    /// <summary>A host without a function, and an empty folder.</summary>
    public static async Task<CustomFolder> StartEmptyAsync()
    {
        var folder = new CustomFolder(await LocalFunctionHost.StartAsync([], cancellationToken: Cancel));
        folder.Host.LogTo(folder.Log);
        return folder;
    }

    /// <summary>Sets the function; without a command it is the server of Node.js.</summary>
    public void Apply(LocalFunctionOptions options)
        => Host.Apply(
            new Dictionary<string, LocalFunctionOptions>
            {
                [Name] = options with
                {
                    Runtime = LocalRuntime.Custom,
                    Code = options.Code ?? Path,
                    Command = options.Command.Count > 0 || options.Code is not null ? options.Command : ["node", "server.js"],
                },
            },
            Path);

    public string Write(string file, string text, bool isExecutable = false)
    {
        var path = System.IO.Path.Combine(Path, file);
        File.WriteAllText(path, text);
        if (isExecutable && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return path;
    }

    public Task<HttpResponseMessage> InvokeAsync(string eventJson) => Host.InvokeAsync(Name, eventJson);

    /// <summary>Calls with an event that must succeed.</summary>
    public async Task<JsonElement> AnswerAsync(string eventJson)
    {
        using var response = await InvokeAsync(eventJson);
        Assert.False(response.Headers.Contains("X-Fc-Error-Type"), await response.ReadTextAsync());
        Assert.True(response.IsSuccessStatusCode, await response.ReadTextAsync());
        return await response.ReadJsonAsync();
    }

    /// <summary>Calls with an event that must fail as the function's error.</summary>
    public async Task<string> FailAsync(string eventJson)
    {
        using var response = await InvokeAsync(eventJson);
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("UnhandledInvocationError", TestFunctions.Header(response, "X-Fc-Error-Type"));
        return Numbers.Replace(await response.ReadTextAsync(), "N");
    }

    /// <summary>Address of the function for raw HTTP, without a trailing slash.</summary>
    public string WebAddress => Host.AddressOf(Name, LocalFunctionKind.Web).AbsoluteUri;

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [GeneratedRegex(@"(?<=: )\d+(?=ms|MB)")]
    private static partial Regex Numbers { get; }
}
