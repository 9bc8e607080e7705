using Gateway.Policies.Authentication;
using Gateway.Policies.Authentication.Signatures;

namespace Gateway.Policies.Tests.Authentication;

/// <summary>What a request costs the collector when its caller is found: nothing.</summary>
public class AllocationTests
{
    private const int Calls = 1000;

    [Fact]
    public void AppCode_InTheHeader_AllocatesNothing()
        => Assert.Equal(0, Measure(new TestRequest("GET", "/a?b=1").With("Authorization", "APPCODE " + AppApi.Code)));

    [Fact]
    public void Signature_WithoutBodyAndNonce_AllocatesNothing()
        => Assert.Equal(0, Measure(new TestRequest("GET", "/a/%E4%B8%AD?b=1&a=%20&c").With("Accept", "application/json").Sign()));

    [Fact]
    public void StringToSign_OfFormAndNonce_AllocatesNothing()
    {
        var request = new TestRequest("POST", "/a?b=1").WithForm("a=%E4%B8%AD&c=1+2&d").Sign(nonce: "c9f15cbf-f4ac-4a6c-b54d-f51abf4b5b44");
        var settings = AppApi.Settings();
        var call = new SignedCall(request.ToContext(), null!, settings, Read(request, settings), settings.Apps.FindByKey(TestRequest.Key)!, TestRequest.SignedAt);

        Assert.Equal(0, Measure(() =>
        {
            Assert.True(SignatureVerifier.Verify(call, request.Body, charset: null));
            NonceKey.Create(TestRequest.Key, settings.ApiId, call.Credentials.Nonce!);
            return Task.CompletedTask;
        }));
    }

    private static SignatureCredentials Read(TestRequest request, AppAuthentication settings)
    {
        Assert.True(SignatureCredentials.TryRead(request.ToContext(), settings, out var credentials));
        return credentials;
    }

    private static long Measure(TestRequest request)
    {
        using var api = new AppApi { Serve = static _ => Task.CompletedTask };
        var context = api.Prepare(request);
        var bytes = Measure(() => api.InvokeAsync(context));
        Assert.Null(Contracts.GatewayHttpContextExtensions.Gateway(context).Failure);
        return bytes;
    }

    /// <summary>The fewest bytes of several rounds: a pool may renew an array in one of them.</summary>
    private static long Measure(Func<Task> call)
    {
        var fewest = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Calls; i++)
            {
                if (!call().IsCompletedSuccessfully)
                {
                    throw new InvalidOperationException("It waited.");
                }
            }

            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return fewest;
    }
}
