using System.Text;

namespace Gateway.Policies.Tests.Authentication;

/// <summary>An API with <c>StrictSignature</c>: lessons HM-06, HM-07, HM-14 and HM-15.</summary>
public class StrictSignatureTests
{
    private static readonly TestRequest Get = new("GET", "/a?b=1");
    private static readonly TestRequest Post = new TestRequest("POST", "/a") { Body = Encoding.UTF8.GetBytes("{}") }.With("Content-Type", "application/json");

    [Fact]
    public async Task Request_WithEverythingSigned_IsAccepted()
    {
        Assert.Equal("ok", await Send(Get.Sign(nonce: "n")));
        Assert.Equal("ok", await Send(Get.Sign(nonce: "n", list: "x-ca-nonce , X-CA-TIMESTAMP")));
        Assert.Equal("ok", await Send(Post.With("Content-MD5", ContentMd5Tests.Md5(Post.Body)).Sign(nonce: "n")));
        Assert.Equal("ok", await Send(new TestRequest("POST", "/a?b=1").WithForm("c=1&d").Sign(nonce: "n")));
        Assert.Equal("ok", await Send((Post with { Body = [] }).Sign(nonce: "n")));
    }

    [Theory]
    [InlineData("X-Ca-Key")]
    [InlineData("X-Ca-Key,X-Ca-Timestamp")]
    [InlineData("X-Ca-Key,X-Ca-Nonce")]
    [InlineData("X-Ca-Key,X-Ca-Nonces,X-Ca-Timestamps")]
    public async Task List_WithoutTimestampAndNonce_IsRefused(string list) => Assert.Equal("I400HD", await Send(Get.Sign(nonce: "n", list: list)));

    [Theory]
    [InlineData("/a?b=1&b=2", "")]
    [InlineData("/a?b=1&%62=1", "")]
    [InlineData("/a", "b=1&c=2&b=1")]
    [InlineData("/a?b=1", "b=1")]
    public async Task Parameter_Repeated_IsRefused(string target, string form)
    {
        var request = form.Length == 0 ? Get with { Target = target } : new TestRequest("POST", target).WithForm(form);

        Assert.Equal("I400HD", await Send(request.Sign(nonce: "n")));
    }

    [Theory]
    [InlineData("Accept")]
    [InlineData("X-Mine")]
    public async Task Header_SignedAndRepeated_IsRefused(string name)
        => Assert.Equal("I400HD", await Send(Get.With(name, "1").Sign(nonce: "n", list: "X-Mine,X-Ca-Nonce,X-Ca-Timestamp").Adding(name, "2")));

    [Fact]
    public async Task Body_WithoutADigest_IsRefused() => Assert.Equal("I400MH", await Send(Post.Sign(nonce: "n")));

    private static async Task<string> Send(TestRequest request)
    {
        using var api = new AppApi(AppApi.Settings(strict: true));
        return await api.SendAsync(request);
    }
}
