using Gateway.Policies.Authentication;
using Gateway.Policies.IpAccess;

namespace Gateway.Policies.Tests.Authentication;

public class AuthorizationTests
{
    private static readonly TestRequest Get = new("GET", "/a");
    private static readonly DateTimeOffset Now = TestRequest.SignedAt;

    [Theory]
    [InlineData(1, "ok")]
    [InlineData(0, "A403EP")]
    [InlineData(-1, "A403EP")]
    public async Task Grant_WithAnEnd_HoldsUntilThen(int millisecondsLeft, string code)
    {
        using var api = new AppApi(AppApi.Settings(grants: new Dictionary<string, DateTimeOffset?> { ["FCAPP"] = Now.AddMilliseconds(millisecondsLeft) }));

        Assert.Equal(code, await api.SendAsync(Get.Sign()));
        Assert.Equal(code, await api.SendAsync(Get.With("Authorization", "APPCODE " + AppApi.Code)));
    }

    [Fact]
    public async Task Grant_NotThere_IsUnauthorizedAndBurnsNoNonce()
    {
        using var api = new AppApi();

        var answer = await api.SendForAnswerAsync(Get.Sign("another-secret", "60022326", nonce: "n"));

        Assert.Equal(("I403AA", "Unauthorized", null), (answer.Code, answer.Message, answer.Caller));
        Assert.Equal(0, api.NonceCount);
    }

    /// <summary>Requests come from 127.0.0.1, an address of one app: the middleware before lets everybody through from there.</summary>
    [Theory]
    [InlineData("fcApp", "ok")]
    [InlineData("FCAPP", "ok")]
    [InlineData("other", "A403IP")]
    public async Task Address_OfAnotherApp_IsRefused(string app, string code)
    {
        using var api = new AppApi
        {
            IpAccess = IpAccessList.Compile(new IpAccessOptions
            {
                Allow = ["10.0.0.0/8"],
                Apps = new Dictionary<string, IpAccessAppOptions> { [app] = new() { Allow = ["127.0.0.1"] } },
            }),
        };

        Assert.Equal(code, await api.SendAsync(Get.Sign(nonce: "n")));
        Assert.Equal(code, await api.SendAsync(Get.With("Authorization", "APPCODE " + AppApi.Code)));
        Assert.Equal(code == "ok" ? 1 : 0, api.NonceCount);
    }

    [Theory]
    [InlineData(1, "ok")]
    [InlineData(0, "A403IS")]
    public async Task PreviousSecret_UntilItsEnd_SignsToo(int millisecondsLeft, string code)
    {
        using var api = new AppApi(Settings(new AppOptions
        {
            AppKey = TestRequest.Key,
            AppSecret = "new",
            PreviousAppSecret = "old",
            PreviousUntil = Now.AddMilliseconds(millisecondsLeft),
        }));

        Assert.Equal("ok", await api.SendAsync(Get.Sign("new")));
        Assert.Equal(code, await api.SendAsync(Get.Sign("old")));
        Assert.Equal("A403IS", await api.SendAsync(Get.Sign("older")));
    }

    [Fact]
    public async Task PreviousSecret_WithoutAnEnd_HasEnded()
    {
        using var api = new AppApi(Settings(new AppOptions { AppKey = TestRequest.Key, AppSecret = "new", PreviousAppSecret = "old" }));

        Assert.Equal("A403IS", await api.SendAsync(Get.Sign("old")));
    }

    /// <summary>Lesson HM-20: what is not resolved authenticates nobody, least of all the empty secret.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public async Task Secret_Missing_LeavesTheKeyUnknown(string? secret)
    {
        using var api = new AppApi(Settings(new AppOptions { AppKey = TestRequest.Key, AppSecret = secret, AppCodes = [secret ?? ""] }));

        Assert.Equal("A400IK", await api.SendAsync(Get.Sign(secret ?? "")));
        Assert.Equal("A400AC", await api.SendAsync(Get.With("Authorization", "APPCODE " + secret)));
        Assert.Equal("A400AC", await api.SendAsync(Get with { Target = "/a?AppCode=" + secret?.Replace(' ', '+') }));
    }

    [Fact]
    public async Task App_Disabled_IsUnknown()
    {
        using var api = new AppApi(Settings(new AppOptions { Enabled = false, AppKey = TestRequest.Key, AppSecret = TestRequest.Secret, AppCodes = [AppApi.Code] }));

        Assert.Equal("A400IK", await api.SendAsync(Get.Sign()));
        Assert.Equal("A400AC", await api.SendAsync(Get.With("Authorization", "APPCODE " + AppApi.Code)));
    }

    [Fact]
    public void Directory_Entries_AreFoundByKeyAndCodeAndKnownByNameAndId()
    {
        var apps = AppDirectory.Compile(new Dictionary<string, AppOptions>
        {
            ["a"] = new() { AppKey = "k", AppSecret = "s", AppCodes = ["one", "two"] },
            ["b"] = new() { AppId = "17", AppCodes = ["three"] },
        });

        Assert.Equal(new Contracts.AppIdentity("a", "a", "k"), apps.FindByKey("k")!.Identity);
        Assert.Same(apps.FindByKey("k"), apps.FindByCode("two"));
        Assert.Equal(new Contracts.AppIdentity("b", "17", null), apps.FindByCode("three")!.Identity);
        Assert.Null(apps.FindByKey("K"));
        Assert.Null(apps.FindByCode("One"));
        Assert.Null(apps.FindByCode(""));
    }

    private static AppAuthentication Settings(AppOptions app) => AppApi.Settings(new Dictionary<string, AppOptions> { ["fcApp"] = app });
}
