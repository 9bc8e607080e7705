using System.Security.Cryptography;
using System.Text;
using Gateway.Policies.Authentication;

namespace Gateway.Policies.Tests.Authentication;

/// <summary>How far a signature covers the body: lessons HM-14, HM-15 and HM-21.</summary>
public class ContentMd5Tests
{
    private static readonly TestRequest Post = new TestRequest("POST", "/a") { Body = Encoding.UTF8.GetBytes("""{"a":1}""") }.With("Content-Type", "application/json");

    [Fact]
    public async Task Body_WithItsDigest_IsServedWhole()
    {
        using var api = new AppApi();

        var answer = await api.SendForAnswerAsync(Post.With("Content-MD5", Md5(Post.Body)).Sign());

        Assert.Equal("ok", answer.Code);
        Assert.Equal(Post.Body, answer.Body);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public async Task Body_BeyondMemory_IsServedWholeFromAFile(int memory)
    {
        using var api = new AppApi(AppApi.Settings(settings: new AuthenticationOptions { MemoryBody = new Contracts.ByteSize(memory) }));
        var body = RandomNumberGenerator.GetBytes(300_000);

        Assert.Equal(body, (await api.SendForAnswerAsync((Post with { Body = body }).With("Content-MD5", Md5(body)).Sign())).Body);
        Assert.Equal("I400I5", await api.SendAsync((Post with { Body = body }).With("Content-MD5", Md5([1])).Sign()));
    }

    [Theory]
    [InlineData("1B2M2Y8AsgTpgAmY7PhCfg==", "Invalid Content-MD5 the body has another digest")] // of an empty body
    [InlineData("x", "Invalid Content-MD5 it must be the Base64 of 16 bytes")]
    [InlineData("1B2M2Y8AsgTpgAmY7PhCfg", "Invalid Content-MD5 it must be the Base64 of 16 bytes")]
    [InlineData("d41d8cd98f00b204e9800998", "Invalid Content-MD5 it must be the Base64 of 16 bytes")] // hex is Base64, too, but of 18 bytes
    public async Task Body_WithAnotherDigest_IsRefused(string digest, string message)
    {
        using var api = new AppApi();

        Assert.Equal(message, (await api.SendForAnswerAsync(Post.With("Content-MD5", digest).Sign())).Message);
    }

    [Fact]
    public async Task Digest_WithoutABody_IsRefused()
    {
        using var api = new AppApi();

        Assert.Equal("Invalid Content-MD5 there is no body", (await api.SendForAnswerAsync((Post with { Body = [] }).With("Content-MD5", Md5([])).Sign())).Message);
    }

    /// <summary>The signature is checked before a byte of a body without parameters is read.</summary>
    [Fact]
    public async Task Body_OfAWrongSignature_IsNotRead()
    {
        using var api = new AppApi();
        var context = api.Prepare(Post.With("Content-MD5", Md5(Post.Body)).Sign("wrong"));

        await api.InvokeAsync(context);

        Assert.Equal(0, context.Request.Body.Position);
    }

    /// <summary>A body that nothing asks to hold streams: it is handed on as it is.</summary>
    [Fact]
    public async Task Body_WithoutADigest_IsLeftAlone()
    {
        using var api = new AppApi();
        var context = api.Prepare(Post.Sign());
        var body = context.Request.Body;

        await api.InvokeAsync(context);

        Assert.Same(body, context.Request.Body);
    }

    [Fact]
    public async Task Form_WithADigest_IsCheckedForBoth()
    {
        using var api = new AppApi();
        var form = new TestRequest("POST", "/a").WithForm("a=1&b=2&a=3");

        Assert.Equal("ok", await api.SendAsync(form.With("Content-MD5", Md5(form.Body)).Sign()));
        Assert.Equal("I400I5", await api.SendAsync(form.With("Content-MD5", Md5([1])).Sign()));
        Assert.Equal("I400I5", await api.SendAsync(form.With("Content-MD5", Md5(form.Body)).Sign() with { Body = Encoding.UTF8.GetBytes("a=1&b=2&a=4") }));
    }

    [Theory]
    [InlineData(1 << 20, "ok")]
    [InlineData((1 << 20) + 1, "I413RL")]
    public async Task Form_LargerThanIsHeld_IsRefused(int size, string code)
    {
        using var api = new AppApi();

        Assert.Equal(code, await api.SendAsync(new TestRequest("POST", "/a").WithForm("a=" + new string('x', size - 2)).Sign()));
    }

    [Fact]
    public async Task Body_LargerThanTheApiTakes_IsRefused()
    {
        using var api = new AppApi { MaxRequestBody = 6 };

        Assert.Equal("I413RL", await api.SendAsync(Post.With("Content-MD5", Md5(Post.Body)).Sign()));
        Assert.Equal("I413RL", await api.SendAsync(new TestRequest("POST", "/a").WithForm("abc=123").Sign()));
    }

    [Fact]
    public async Task Form_InAnUnknownCharset_IsRefused()
    {
        using var api = new AppApi();

        Assert.Equal("I400HD", await api.SendAsync(new TestRequest("POST", "/a").WithForm("a=1", "application/x-www-form-urlencoded; charset=utf-16").Sign()));
    }

    /// <summary>sdk-core sends a form's Content-Type with each GET; without a body it says nothing, whatever charset it names.</summary>
    [Fact]
    public async Task FormType_WithoutABody_HasNoParameters()
    {
        using var api = new AppApi();

        Assert.Equal("ok", await api.SendAsync(new TestRequest("GET", "/a").With("Content-Type", "application/x-www-form-urlencoded; charset=utf-16").Sign()));
    }

    internal static string Md5(byte[] body)
    {
#pragma warning disable CA5351 // The header's.
        return Convert.ToBase64String(MD5.HashData(body));
#pragma warning restore CA5351
    }
}
