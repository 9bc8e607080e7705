using Gateway.Configuration;
using Gateway.Configuration.Reload;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Configuration;

public class ReloadTests
{
    [Fact]
    public void AcceptedConfiguration_Tree_ReadsLikeTheFrameworksOwn()
    {
        var accepted = new AcceptedConfiguration();
        var configuration = new ConfigurationBuilder().Add(accepted).Build();

        accepted.Accept(Loading.LoadValid("""{ "Gateway": {}, "Logging": { "LogLevel": { "Default": "Debug" } }, "List": [ "a", "b" ], "None": null }""").Root);

        Assert.Equal("Debug", configuration["logging:loglevel:default"]);
        Assert.Equal(["a", "b"], configuration.GetSection("List").Get<string[]>()!);
        Assert.Null(configuration["None"]);
    }

    [Fact]
    public void AcceptedConfiguration_SecondTree_ReplacesTheFirstAndIsAnnounced()
    {
        var accepted = new AcceptedConfiguration();
        var configuration = new ConfigurationBuilder().Add(accepted).Build();
        accepted.Accept(Loading.LoadValid("""{ "Gateway": {}, "A": "1" }""").Root);
        var announced = 0;
        using var registration = ChangeToken.OnChange(configuration.GetReloadToken, () => announced++);

        accepted.Accept(Loading.LoadValid("""{ "Gateway": {}, "B": "2" }""").Root);

        Assert.Equal((1, null, "2"), (announced, configuration["A"], configuration["B"]));
    }

    [Fact]
    public async Task Reload_BadThenGoodFileTenTimes_KeepsTheLastGoodOneAndGoesOn()
    {
        using var folder = new ConfigurationFolder(Marked("0"));
        var accepted = new AcceptedConfiguration();
        accepted.Accept(ConfigurationLoader.Load(folder.Source).Configuration!.Root);
        var configuration = new ConfigurationBuilder().Add(accepted).Build();
        var time = new FakeTimeProvider();
        using var stop = new CancellationTokenSource();
        using var loaded = new SemaphoreSlim(0);
        var watch = new ConfigurationWatcher(folder.Source, time, ConfigurationWatcher.DefaultInterval).RunAsync(
            _ =>
            {
                if (ConfigurationLoader.Load(folder.Source) is { IsValid: true } result)
                {
                    accepted.Accept(result.Configuration.Root);
                }

                loaded.Release();
                return Task.CompletedTask;
            },
            stop.Token);

        for (var i = 1; i <= 10; i++)
        {
            folder.Write("appsettings.json", "{ broken " + i);
            await NextLoadAsync();
            Assert.Equal($"{i - 1}", configuration["Mark"]);

            folder.Write("appsettings.json", Marked($"{i}"));
            await NextLoadAsync();
            Assert.Equal($"{i}", configuration["Mark"]);
        }

        await stop.CancelAsync();
        await watch;

        async Task NextLoadAsync()
        {
            time.Advance(ConfigurationWatcher.DefaultInterval);
            await loaded.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public void Watcher_NothingChanged_IsSilent()
    {
        using var folder = new ConfigurationFolder(Loading.Valid);
        var watcher = Watch(folder);

        Assert.False(watcher.HasChanged());
        Assert.False(watcher.HasChanged());
    }

    [Fact]
    public void Watcher_ChangeBetweenItsMakingAndTheFirstLook_IsSeen()
    {
        using var folder = new ConfigurationFolder(Loading.Valid);
        var watcher = Watch(folder);
        folder.Write("appsettings.json", "{}");

        Assert.True(watcher.HasChanged());
        Assert.False(watcher.HasChanged());
    }

    [Fact]
    public void Watcher_StageFileAppears_IsSeen()
    {
        using var folder = new ConfigurationFolder(Loading.Valid);
        var watcher = Watch(folder);

        folder.Write("appsettings.Production.json", "{}");

        Assert.True(watcher.HasChanged());
    }

    [Fact]
    public void Watcher_AtomicRename_IsSeen()
    {
        using var folder = new ConfigurationFolder(Loading.Valid);
        var watcher = Watch(folder);

        do
        {
            // Until the file system's clock, which ticks every few milliseconds, has moved on.
            folder.Write("new", Loading.Valid.Replace("maintenance", "maintenancd", StringComparison.Ordinal));
        }
        while (File.GetLastWriteTimeUtc(folder.PathOf("new")) == File.GetLastWriteTimeUtc(folder.PathOf("appsettings.json")));
        File.Move(folder.PathOf("new"), folder.PathOf("appsettings.json"), overwrite: true);

        Assert.True(watcher.HasChanged());
    }

    [Fact]
    public void Watcher_ConfigMapLinkSwapped_IsSeen()
    {
        using var folder = new ConfigurationFolder();
        var written = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        foreach (var version in new[] { "..one", "..two" })
        {
            // Same length and time: only the link tells the two apart.
            Directory.CreateDirectory(folder.PathOf(version));
            folder.Write($"{version}/appsettings.json", Marked(version));
            File.SetLastWriteTimeUtc(folder.PathOf($"{version}/appsettings.json"), written);
        }

        Directory.CreateSymbolicLink(folder.PathOf("..data"), "..one");
        File.CreateSymbolicLink(folder.PathOf("appsettings.json"), "..data/appsettings.json");
        var watcher = Watch(folder);

        Directory.Delete(folder.PathOf("..data"));
        Directory.CreateSymbolicLink(folder.PathOf("..data"), "..two");

        Assert.True(watcher.HasChanged());
        Assert.Equal("..two", ConfigurationLoader.Load(folder.Source).Configuration!.Root.Child("Mark")!.Text);
    }

    [Fact]
    public void Watcher_SecretWrittenChangedAndRemoved_IsSeenEachTime()
    {
        using var folder = new ConfigurationFolder(Loading.Valid);
        var watcher = Watch(folder);

        folder.WriteSecret("Gateway__Stage", "PRE");
        Assert.True(watcher.HasChanged());

        folder.WriteSecret("Gateway__Stage", "TEST");
        Assert.True(watcher.HasChanged());

        File.Delete(Path.Combine(folder.Secrets, "Gateway__Stage"));
        Assert.False(watcher.HasChanged());
        Assert.True(watcher.HasChanged());
    }

    [Fact]
    public void Watcher_FileGoneForOneLook_IsNotAChange()
    {
        using var folder = new ConfigurationFolder(Loading.Valid);
        folder.Write("appsettings.Production.json", "{}");
        var watcher = Watch(folder);

        File.Move(folder.PathOf("appsettings.Production.json"), folder.PathOf("backup"));
        Assert.False(watcher.HasChanged());
        File.Move(folder.PathOf("backup"), folder.PathOf("appsettings.Production.json"));
        Assert.False(watcher.HasChanged());
    }

    [Fact]
    public async Task Watcher_ChangeWhileTheCallRuns_IsToldAfterwardsNeverAtTheSameTime()
    {
        using var folder = new ConfigurationFolder(Loading.Valid);
        var time = new FakeTimeProvider();
        using var started = new SemaphoreSlim(0);
        using var release = new SemaphoreSlim(0);
        var running = 0;
        using var stop = new CancellationTokenSource();
        var watch = new ConfigurationWatcher(folder.Source, time, TimeSpan.FromSeconds(1)).RunAsync(
            async cancellationToken =>
            {
                Assert.Equal(1, Interlocked.Increment(ref running));
                started.Release();
                await release.WaitAsync(cancellationToken);
                Interlocked.Decrement(ref running);
            },
            stop.Token);

        folder.Write("appsettings.json", "{}");
        time.Advance(TimeSpan.FromSeconds(1));
        await started.WaitAsync(TestContext.Current.CancellationToken);
        folder.Write("appsettings.json", "{ }");
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(0, started.CurrentCount);

        release.Release();
        await started.WaitAsync(TestContext.Current.CancellationToken);
        release.Release();
        await stop.CancelAsync();
        await watch;
    }

    private static ConfigurationWatcher Watch(ConfigurationFolder folder) => new(folder.Source, TimeProvider.System, ConfigurationWatcher.DefaultInterval);

    private static string Marked(string mark) => $$"""{ "Gateway": {}, "Mark": "{{mark}}" }""";
}
