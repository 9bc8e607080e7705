using Gateway.Policies.Authentication;

namespace Gateway.Policies.Tests.Authentication;

public class SignatureRefusalTests
{
    private static readonly TestRequest Get = new("GET", "/a?b=1");
    private static readonly AuthenticationOptions Defaults = new();

    /// <summary>Lesson HM-25: half of the credentials are none. All 32 subsets of the headers of a strict API, of which only the whole is accepted.</summary>
    [Fact]
    public async Task Headers_EverySubset_IsRefusedButTheWhole()
    {
        using var api = new AppApi(AppApi.Settings(appCode: AppCodeUse.Disabled, strict: true));
        string[] names = ["X-Ca-Key", "X-Ca-Signature", "X-Ca-Timestamp", "X-Ca-Nonce", "X-Ca-Signature-Headers"];
        for (var subset = 0; subset < 1 << names.Length; subset++)
        {
            var missing = names.Where((_, i) => (subset & (1 << i)) == 0).ToArray();
            var request = missing.Aggregate(Get.Sign(nonce: $"n{subset}"), static (request, name) => request.Without(name));

            var answer = await api.SendForAnswerAsync(request);

            Assert.Equal(missing switch
            {
                [] => "ok",
                _ when missing.Contains("X-Ca-Key") => "Header `X-Ca-Key` is Required",
                _ when missing.Contains("X-Ca-Signature") => "Header `X-Ca-Signature` is Required",
                _ when missing.Contains("X-Ca-Timestamp") => "Header `X-Ca-Timestamp` is Required",
                _ when missing.Contains("X-Ca-Nonce") => "X-Ca-Nonce is required",
                _ => "Invalid Header `X-Ca-Signature-Headers` must list X-Ca-Timestamp and X-Ca-Nonce",
            }, answer.Message ?? answer.Code);
        }
    }

    [Theory]
    [InlineData("X-Ca-Key", "X-Ca-Key")]
    [InlineData("X-Ca-Signature", "X-Ca-Signature")]
    public async Task Header_Empty_IsAsGoodAsMissing(string name, string required)
    {
        using var api = new AppApi(AppApi.Settings(appCode: AppCodeUse.Header));

        Assert.Equal($"Header `{required}` is Required", (await api.SendForAnswerAsync(Get.Sign().With(name, ""))).Message);
    }

    [Theory]
    [InlineData("X-Ca-Timestamp")]
    [InlineData("X-Ca-Nonce")]
    [InlineData("X-Ca-Signature-Headers")]
    [InlineData("X-Ca-Signature-Method")]
    [InlineData("Content-MD5")]
    public async Task Header_Repeated_IsRefused(string name)
    {
        using var api = new AppApi();
        var request = Get.With("X-Ca-Signature-Method", "HmacSHA256").With("Content-MD5", "x").Sign(nonce: "n");

        var answer = await api.SendForAnswerAsync(request.Adding(name, request.Header(name)!));

        Assert.Equal($"Invalid Header `{name}` must not be repeated", answer.Message);
    }

    /// <summary>
    /// What is listed without being a header name would be a line that the client never signed as a header: the beginning of its URL up to a
    /// line end in a parameter, or its nonce without the last colon.
    /// </summary>
    [Theory]
    [InlineData("GET", "/search?q=x:%0A/admin?id=1", "", "/admin?id=1", "/search?q=x")]
    [InlineData("GET", "/a", "X-Ca-Nonce", "/a", "X-Ca-Nonce:n")]
    [InlineData("GET", "/a", "X-Ca-Key", "/a", "X-Ca-Key,(")]
    [InlineData("GET", "/a", "X-Ca-Key", "/a", "X-Ca-Key,X-Ca-K\u00e9y")]
    public async Task SignedHeaders_ThatAreNoHeaderNames_AreRefused(string method, string target, string list, string otherTarget, string otherList)
    {
        using var api = new AppApi();
        var signed = new TestRequest(method, target).With("X-Ca-Key", TestRequest.Key).With("X-Ca-Nonce", "n:").With("X-Ca-Signature-Headers", list).Resign();

        var answer = await api.SendForAnswerAsync((signed with { Target = otherTarget }).Without("X-Ca-Nonce").With("X-Ca-Signature-Headers", otherList));

        Assert.Equal("Invalid Header `X-Ca-Signature-Headers` lists what is not a header name", answer.Message);
    }

    [Theory]
    [InlineData("HmacSHA1", true, "ok")]
    [InlineData("HmacSHA1", false, "I400HD")]
    [InlineData("HmacSHA256", false, "ok")]
    [InlineData("hmacsha256", true, "I400HD")]
    [InlineData("MD5", true, "I400HD")]
    public async Task Method_OnlyAnAllowedOne_IsTaken(string method, bool allowSha1, string code)
    {
        using var api = new AppApi(AppApi.Settings(allowSha1: allowSha1));

        Assert.Equal(code, await api.SendAsync(Get.With("X-Ca-Signature-Method", method).Sign()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("=")]
    [InlineData("not base64!")]
    [InlineData("AAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Signature_OfAnyOtherShape_IsAMismatch(string signature)
    {
        using var api = new AppApi();

        Assert.Equal(signature.Length == 0 ? "I400MH" : "A403IS", await api.SendAsync(Get.Sign().With("X-Ca-Signature", signature)));
    }

    /// <summary>One client wraps its Base64 with a line end, which the header then holds as a blank.</summary>
    [Fact]
    public async Task Signature_WithBlanksAround_IsTaken()
    {
        using var api = new AppApi();
        var request = Get.Sign();

        Assert.Equal("ok", await api.SendAsync(request.With("X-Ca-Signature", $" {request.Header("X-Ca-Signature")}\t")));
        Assert.Equal("A403IS", await api.SendAsync(request.With("X-Ca-Signature", request.Header("X-Ca-Signature")!.Insert(8, " "))));
    }

    /// <summary>Lesson HM-01: an unknown key is found out after the same work, and whatever else is wrong with the request.</summary>
    [Theory]
    [InlineData("60022327")]
    [InlineData("203753385x")]
    public async Task Key_Unknown_IsSaidFirst(string key)
    {
        using var api = new AppApi();

        Assert.Equal("A400IK", await api.SendAsync(Get.Sign(key: key)));
        Assert.Equal("A400IK", await api.SendAsync(Get.Sign("wrong", key).With("X-Ca-Timestamp", "x")));
    }

    [Fact]
    public async Task Key_OfAnotherApp_IsNoHelp()
    {
        using var api = new AppApi();

        Assert.Equal("A403IS", await api.SendAsync(Get.Sign(TestRequest.Secret, key: "60022326")));
        Assert.Equal("I403AA", await api.SendAsync(Get.Sign("another-secret", key: "60022326")));
    }

    /// <summary>Lesson HM-19: the window holds in both directions, to the millisecond.</summary>
    [Theory]
    [InlineData(-1, "S403TE")]
    [InlineData(0, "ok")]
    [InlineData(1, "ok")]
    public async Task Timestamp_AtTheEdge_IsDecidedToTheMillisecond(int millisecondsInside, string code)
    {
        using var api = new AppApi();
        var window = Defaults.TimestampWindow - TimeSpan.FromMilliseconds(millisecondsInside);

        Assert.Equal(code, await api.SendAsync(Get.Sign(at: TestRequest.SignedAt + window)));
        Assert.Equal(code, await api.SendAsync(Get.Sign(at: TestRequest.SignedAt - window)));
    }

    [Theory]
    [InlineData("170000000000")] // a digit short
    [InlineData("1700000000")] // seconds
    [InlineData("0")]
    [InlineData("9223372036854775807")]
    public async Task Timestamp_FarOff_IsExpired(string timestamp)
    {
        using var api = new AppApi();

        Assert.Equal("S403TE", await api.SendAsync(Get.Sign().With("X-Ca-Timestamp", timestamp).Resign()));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("-1700000000000")]
    [InlineData("+1700000000000")]
    [InlineData("1700000000000.0")]
    [InlineData("1,700,000,000,000")]
    [InlineData("0x18bcfe56800")]
    [InlineData("17e11")]
    [InlineData("99999999999999999999")]
    [InlineData("١٧٠٠٠٠٠٠٠٠٠٠٠")]
    [InlineData("Tue, 14 Nov 2023 22:13:20 GMT")]
    public async Task Timestamp_NotMilliseconds_IsRefused(string timestamp)
    {
        using var api = new AppApi();

        Assert.Equal("I400HD", await api.SendAsync(Get.Sign().With("X-Ca-Timestamp", timestamp).Resign()));
    }

    [Fact]
    public async Task Timestamp_Absent_IsNotChecked()
    {
        using var api = new AppApi();
        api.Time.Advance(TimeSpan.FromDays(1));

        Assert.Equal("ok", await api.SendAsync(Get.Sign().Without("X-Ca-Timestamp").With("X-Ca-Signature-Headers", "X-Ca-Key").Resign()));
    }

    /// <summary>Lesson HM-17, and HM-18 where the operator wants it.</summary>
    [Fact]
    public async Task Mismatch_WhereTheOperatorSaysSo_ShowsNothing()
    {
        using var api = new AppApi(AppApi.Settings(settings: Defaults with { ShowStringToSign = false }));

        Assert.Equal("Invalid Signature, Server StringToSign:`hidden`", (await api.SendForAnswerAsync(Get.Sign("wrong"))).Message);
    }

    [Fact]
    public async Task Mismatch_WithALongText_ShowsFourThousandCharacters()
    {
        using var api = new AppApi();
        var value = string.Concat(Enumerable.Repeat("\U0001F600", 5000));

        var answer = await api.SendForAnswerAsync(Get.With("x", value).Sign("wrong", list: "x"));

        Assert.InRange(answer.Message!.Length, 4096, 4096 + 64);
        Assert.False(answer.Message.Contains('\uFFFD', StringComparison.Ordinal));
        Assert.Equal("\U0001F600`", answer.Message[^3..]);
    }

    [Theory]
    [InlineData(256, "I400HD")]
    [InlineData(255, "A403IS")]
    public async Task List_OfTooManyNames_IsRefused(int commas, string code)
    {
        using var api = new AppApi();

        Assert.Equal(code, await api.SendAsync(Get.Sign().With("X-Ca-Signature-Headers", new string(',', commas))));
    }

    [Fact]
    public async Task List_NamingALargeHeaderOverAndOver_IsRefused()
    {
        using var api = new AppApi();

        Assert.Equal("I400HD", await api.SendAsync(Get.With("big", new string('x', 20_000)).Sign().With("X-Ca-Signature-Headers", string.Join(',', Enumerable.Repeat("big", 200)))));
    }

    [Fact]
    public async Task Parameters_MoreThanAreRead_AreRefused()
    {
        using var api = new AppApi();

        Assert.Equal("I400BD", await api.SendAsync(new TestRequest("POST", "/a").WithForm(new string('&', 20_000)).Sign()));
    }

    /// <summary>What is refused is told by AppKey and app, and by nothing that is secret.</summary>
    [Fact]
    public async Task Refusals_AreLoggedWithoutSecrets()
    {
        const string canary = "canary-7f3a";
        using var api = new AppApi(AppApi.Settings(new Dictionary<string, AppOptions>
        {
            ["fcApp"] = new() { AppKey = TestRequest.Key, AppSecret = canary + "-secret", PreviousAppSecret = canary + "-previous", PreviousUntil = DateTimeOffset.MaxValue, AppCodes = [canary + "-code"] },
        }, grants: new Dictionary<string, DateTimeOffset?>()));

        foreach (var request in new[]
        {
            Get.Sign(canary + "-secret"), Get.Sign(canary + "-previous"), Get.Sign("wrong"),
            Get.With("Authorization", $"APPCODE {canary}-code"), Get with { Target = $"/a?AppCode={canary}-code" },
            (Get with { Target = $"/a?AppCode={canary}-code" }).Sign("wrong", list: "Authorization").With("Authorization", $"APPCODE {canary}-code"),
        })
        {
            var answer = await api.SendForAnswerAsync(request);
            Assert.NotEqual("ok", answer.Code);
            Assert.DoesNotContain(canary, answer.Message, StringComparison.Ordinal);
        }

        Assert.Equal(6, api.Log.Count);
        Assert.Equal("1000 Information API group/api, request 3C1B7B1E-7E4A-4F0A-9F3B-6E1D8A2B5C4D: caller refused with I403AA; AppKey 203753385, app fcApp", api.Log.First());
        Assert.All(api.Log, static line => Assert.DoesNotContain(canary, line, StringComparison.Ordinal));
        Assert.All(api.Log, static line => Assert.DoesNotContain("StringToSign", line, StringComparison.Ordinal));
    }
}
