using Gateway.Contracts;
using Gateway.Policies.Authentication;

namespace Gateway.Policies.Tests.Authentication;

/// <summary>Which requests use up their nonce: lessons HM-02, HM-03, HM-04 and HM-05.</summary>
public class NonceUseTests
{
    private static readonly TestRequest Get = new("GET", "/a");
    private static readonly TimeSpan Window = new AuthenticationOptions().TimestampWindow;

    [Fact]
    public async Task Nonce_SecondTime_IsRefused()
    {
        using var api = new AppApi();

        Assert.Equal("ok", await api.SendAsync(Get.Sign(nonce: "n")));
        Assert.Equal("S403NU", await api.SendAsync(Get.Sign(nonce: "n")));
        Assert.Equal("S403NU", await api.SendAsync((Get with { Target = "/b" }).Sign(nonce: "n")));
        Assert.Equal("ok", await api.SendAsync(Get.Sign(nonce: "N")));
    }

    [Fact]
    public void Nonce_OfAnotherKeyOrApi_IsAnother()
    {
        UInt128[] keys =
        [
            NonceKey.Create("key", "group/api", "nonce"), NonceKey.Create("key", "group/api2", "nonce"), NonceKey.Create("key2", "group/api", "nonce"),
            NonceKey.Create("key", "group/api", "nonce2"), NonceKey.Create("keygroup", "/api", "nonce"), NonceKey.Create("key", "group/", "apinonce"),
        ];

        Assert.Distinct(keys);
        Assert.Equal(keys[0], NonceKey.Create("key", "group/api", "nonce"));
    }

    /// <summary>A timestamp of now passes for one window: its nonce takes up room for no longer than that asks for.</summary>
    [Fact]
    public async Task Nonce_OfATimestampOfNow_IsAskedToLiveForTheWindow()
    {
        using var api = new AppApi();
        var request = Get.Sign(nonce: "n");
        Assert.Equal("ok", await api.SendAsync(request));

        api.Time.Advance(Window);
        Assert.Equal("S403NU", await api.SendAsync(request));
        api.Time.Advance(Window + TimeSpan.FromSeconds(2)); // The table drops an entry after two of its lifetimes at the latest.
        Assert.Equal("ok", await api.SendAsync(Get.Sign(nonce: "other", at: TestRequest.SignedAt + (2 * Window))));
        Assert.Equal(1, api.NonceCount);
    }

    /// <summary>A timestamp from the far end of the window is good for two windows: its nonce is remembered until then.</summary>
    [Fact]
    public async Task Nonce_OfTheLatestTimestamp_OutlivesIt()
    {
        using var api = new AppApi();
        var request = Get.Sign(nonce: "n", at: TestRequest.SignedAt + Window);
        Assert.Equal("ok", await api.SendAsync(request));

        api.Time.Advance(2 * Window);
        Assert.Equal("S403NU", await api.SendAsync(request));
        api.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("S403TE", await api.SendAsync(request));
    }

    /// <summary>A body may arrive slowly for longer than a nonce is remembered: a replay that begins within the window must not be taken after it.</summary>
    [Theory]
    [InlineData("Content-MD5")]
    [InlineData("form")]
    public async Task Nonce_OfABodyThatEndsBehindTheWindow_IsNotTaken(string coveredBy)
    {
        using var api = new AppApi(AppApi.Settings(settings: new AuthenticationOptions { BodyTimeout = TimeSpan.FromDays(1) }));
        var post = new TestRequest("POST", "/a");
        var request = (coveredBy == "form" ? post.WithForm("a=1") : (post with { Body = [1] }).With("Content-MD5", "VaVACK0bpYmqIQ0mKcHfQQ==")).Sign(nonce: "n");
        Assert.Equal("ok", await api.SendAsync(request));

        api.Time.Advance(Window);
        Assert.Equal("S403TE", await SendSlowlyAsync(api, request, 2 * Window));
        Assert.Equal("S403TE", await SendSlowlyAsync(api, request, TimeSpan.Zero));
        Assert.Equal("ok", await SendSlowlyAsync(api, request.Without("X-Ca-Nonce").Sign(at: api.Time.GetUtcNow()), 2 * Window)); // Nothing to remember.
    }

    [Theory]
    [InlineData(false, "ok")]
    [InlineData(true, "I400NC")]
    public async Task Nonce_Absent_IsRefusedWhereRequired(bool required, string code)
    {
        using var api = new AppApi(AppApi.Settings(requireNonce: required));

        Assert.Equal(code, await api.SendAsync(Get.Sign()));
        Assert.Equal(code, await api.SendAsync(Get.Sign(nonce: "")));
        Assert.Equal("ok", await api.SendAsync(Get.Sign(nonce: "n")));
        Assert.Equal("ok", await api.SendAsync(Get.With("Authorization", "APPCODE " + AppApi.Code))); // nothing to replay
    }

    [Theory]
    [InlineData(256, "ok")]
    [InlineData(257, "I400HD")]
    [InlineData(1_000_000, "I400HD")]
    public async Task Nonce_TooLong_IsRefused(int length, string code)
    {
        using var api = new AppApi();

        Assert.Equal(code, await api.SendAsync(Get.Sign(nonce: new string('n', length), list: "X-Ca-Key")));
    }

    [Fact]
    public async Task Nonce_OfARefusedRequest_IsNotBurnt()
    {
        using var api = new AppApi();

        Assert.Equal("A403IS", await api.SendAsync(Get.Sign("wrong", nonce: "n")));
        Assert.Equal("S403TE", await api.SendAsync(Get.Sign(nonce: "n", at: TestRequest.SignedAt - (2 * Window))));
        Assert.Equal("I400I5", await api.SendAsync((new TestRequest("POST", "/a") { Body = [1] }).With("Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg==").Sign(nonce: "n")));
        Assert.Equal(0, api.NonceCount);
        Assert.Equal("ok", await api.SendAsync(Get.Sign(nonce: "n")));
    }

    [Theory]
    [InlineData("T429PA", false, true)]
    [InlineData("X503BZ", false, true)]
    [InlineData("D503CB", false, true)]
    [InlineData("X503BZ", true, false)] // the backend had it
    [InlineData("I413RL", false, false)]
    [InlineData("X500ER", false, false)]
    public async Task Nonce_TurnedAwayBehindAuthentication_IsGivenBackUnlessABackendSawIt(string refusal, bool reachedBackend, bool isGivenBack)
    {
        using var api = new AppApi();
        foreach (var isAsynchronous in new[] { false, true })
        {
            var request = Get.Sign(nonce: $"n{isAsynchronous}");
            api.Backend = async context =>
            {
                if (isAsynchronous)
                {
                    await Task.Yield();
                }

                context.Gateway().BackendStartedAt = reachedBackend ? 1 : 0;
                context.Gateway().Fail(new GatewayError(refusal, int.Parse(refusal.AsSpan(1, 3), System.Globalization.CultureInfo.InvariantCulture), "", "", RequestOutcome.Throttled));
            };

            Assert.Equal(refusal, await api.SendAsync(request));
            api.Backend = static _ => Task.CompletedTask;
            Assert.Equal(isGivenBack ? "ok" : "S403NU", await api.SendAsync(request));
        }
    }

    [Fact]
    public async Task Nonce_TableFull_RefusesNewOnesOnly()
    {
        using var api = new AppApi(AppApi.Settings(settings: new AuthenticationOptions { MaxNonces = 2 }));

        Assert.Equal("ok", await api.SendAsync(Get.Sign(nonce: "1")));
        Assert.Equal("ok", await api.SendAsync(Get.Sign(nonce: "2")));
        Assert.Equal("X503BZ", await api.SendAsync(Get.Sign(nonce: "3")));
        Assert.Equal("S403NU", await api.SendAsync(Get.Sign(nonce: "1")));
        Assert.Equal("ok", await api.SendAsync(Get.Sign()));
    }

    /// <summary>Two thousand racing replays, some of them turned away behind authentication: exactly one is served.</summary>
    [Fact]
    public async Task Nonce_TwoThousandRacingReplays_ExactlyOneIsServed()
    {
        using var api = new AppApi();
        var request = Get.Sign(nonce: "n");
        var arrived = 0;
        var served = 0;
        api.Backend = async context =>
        {
            await Task.Yield();
            if (Interlocked.Increment(ref arrived) <= 3)
            {
                context.Gateway().Fail(GatewayError.ThrottledByApi);
                return;
            }

            context.Gateway().BackendStartedAt = 1;
            Interlocked.Increment(ref served);
        };

        var codes = await Task.WhenAll(Enumerable.Range(0, 2000).Select(_ => Task.Run(() => api.SendAsync(request))));
        while (served == 0)
        {
            await api.SendAsync(request); // Few may have come so early that all were turned away.
        }

        Assert.Equal(1, served);
        Assert.InRange(codes.Count(static code => code == "ok"), 0, 1);
        Assert.All(codes, static code => Assert.Contains(code, (string[])["ok", "S403NU", "T429PA"]));
    }

    private static async Task<string> SendSlowlyAsync(AppApi api, TestRequest request, TimeSpan duration)
    {
        var context = api.Prepare(request);
        context.Request.Body = new SlowBody(request.Body, () => api.Time.Advance(duration));
        await api.InvokeAsync(context);
        return context.Gateway().Failure?.Code ?? "ok";
    }

    private sealed class SlowBody(byte[] bytes, Action pass) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            if (read == 0)
            {
                pass();
            }

            return read;
        }
    }
}
