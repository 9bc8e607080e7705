using Gateway.Policies.Authentication;

namespace Gateway.Policies.Tests.Authentication;

public class AppCodeTests
{
    private static readonly TestRequest Get = new("GET", "/a");

    [Theory]
    [InlineData("APPCODE " + AppApi.Code)]
    [InlineData("appcode " + AppApi.Code)]
    [InlineData("AppCode   " + AppApi.Code + "  ")]
    [InlineData(" APPCODE\t" + AppApi.Code)]
    public async Task Header_WithTheCode_IsAccepted(string authorization)
    {
        using var api = new AppApi(AppApi.Settings(appCode: AppCodeUse.Header));

        var answer = await api.SendForAnswerAsync(Get.With("Authorization", authorization));

        Assert.Equal(("ok", "fcApp"), (answer.Code, answer.Caller));
    }

    [Theory]
    [InlineData("APPCODE 0123456789abcdef0123456789abcdeF", "A400AC")]
    [InlineData("APPCODE nobody", "A400AC")]
    [InlineData("APPCODE", "A400AC")]
    [InlineData("APPCODE another-code", "I403AA")]
    [InlineData("APPCODE" + AppApi.Code, "A400MA")]
    [InlineData("Bearer " + AppApi.Code, "A400MA")]
    [InlineData(AppApi.Code, "A400MA")]
    [InlineData("", "A400MA")]
    public async Task Header_WithAnythingElse_IsRefused(string authorization, string code)
    {
        using var api = new AppApi();

        var answer = await api.SendForAnswerAsync(Get.With("Authorization", authorization));

        Assert.Equal((code, null), (answer.Code, answer.Caller));
    }

    [Theory]
    [InlineData("AppCode")]
    [InlineData("appcode")]
    [InlineData("appCode")]
    [InlineData("APPCODE")]
    [InlineData("APPCode")]
    public async Task Query_InEachSpelling_IsAcceptedWhereTheApiSaysSo(string name)
    {
        using var both = new AppApi();
        using var header = new AppApi(AppApi.Settings(appCode: AppCodeUse.Header));

        Assert.Equal("ok", await both.SendAsync(Get with { Target = $"/a?x=1&{name}={AppApi.Code}&y" }));
        Assert.Equal("A400MA", await header.SendAsync(Get with { Target = $"/a?{name}={AppApi.Code}" }));
    }

    [Theory]
    [InlineData("?AppCode=0%3123456789abcdef0123456789abcde%66", "ok")] // decoded
    [InlineData("?AppCode=nobody", "A400AC")]
    [InlineData("?AppCode=", "A400AC")]
    [InlineData("?AppCode", "A400AC")]
    [InlineData("?AppCode=%zz", "A400AC")]
    [InlineData("?aPPCODE=" + AppApi.Code, "A400MA")]
    [InlineData("?App%43ode=" + AppApi.Code, "A400MA")] // the backend would see it
    [InlineData("?AppCode=" + AppApi.Code + "&appcode=" + AppApi.Code, "I400HD")]
    public async Task Query_Variations_AreDecidedClearly(string query, string code)
    {
        using var api = new AppApi();

        Assert.Equal(code, await api.SendAsync(Get with { Target = "/a" + query }));
    }

    [Fact]
    public async Task Query_BesideAHeader_IsNotLookedAt()
    {
        using var api = new AppApi();

        Assert.Equal("ok", await api.SendAsync((Get with { Target = "/a?AppCode=nobody" }).With("Authorization", "APPCODE " + AppApi.Code)));
        Assert.Equal("A400AC", await api.SendAsync((Get with { Target = "/a?AppCode=" + AppApi.Code }).With("Authorization", "APPCODE nobody")));
    }

    [Fact]
    public async Task Disabled_ARightCode_CountsForNothing()
    {
        using var api = new AppApi(AppApi.Settings(appCode: AppCodeUse.Disabled));

        var answer = await api.SendForAnswerAsync((Get with { Target = "/a?AppCode=" + AppApi.Code }).With("Authorization", "APPCODE " + AppApi.Code));

        Assert.Equal(("I400MH", "Header `X-Ca-Key` is Required"), (answer.Code, answer.Message));
    }

    /// <summary>Console users copy all headers of a signed call but the signature: an AppCode then says who calls.</summary>
    [Fact]
    public async Task Header_BesideOtherHeadersOfASignature_IsAccepted()
    {
        using var api = new AppApi();

        Assert.Equal("ok", await api.SendAsync(Get.Sign(nonce: "n").Without("X-Ca-Signature").With("Authorization", "APPCODE " + AppApi.Code)));
    }

    /// <summary>A signature wins, whatever else there is: nobody falls back to an AppCode when it is wrong.</summary>
    [Fact]
    public async Task Signature_BesideAnAppCode_Decides()
    {
        using var api = new AppApi();
        var request = Get.With("Authorization", "APPCODE " + AppApi.Code);

        Assert.Equal("A403IS", await api.SendAsync(request.Sign("wrong")));
        Assert.Equal("ok", await api.SendAsync(Get.With("Authorization", "APPCODE nobody").Sign()));
    }

    /// <summary>Decision 16a: the string-to-sign is shown, codes in it are not.</summary>
    [Fact]
    public async Task StringToSign_WithAnAppCode_IsShownWithout()
    {
        using var api = new AppApi();
        var request = (new TestRequest("POST", $"/a?appCode={AppApi.Code}&x=1")).WithForm($"APPCODE={AppApi.Code}&AppCodes=2").With("Authorization", "APPCODE " + AppApi.Code);

        var answer = await api.SendForAnswerAsync(request.Sign("wrong", list: "Authorization,X-Ca-Key"));

        Assert.Equal("Invalid Signature, Server StringToSign:`POST###application/x-www-form-urlencoded##Authorization:***#X-Ca-Key:203753385#/a?APPCODE=***&AppCodes=2&appCode=***&x=1`", answer.Message);
    }
}
