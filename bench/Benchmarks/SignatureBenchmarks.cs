using System.Collections.Frozen;
using BenchmarkDotNet.Attributes;
using Gateway.Contracts;
using Gateway.Policies.Authentication;
using Gateway.Policies.Authentication.Signatures;
using Microsoft.AspNetCore.Http;

namespace Gateway.Benchmarks;

/// <summary>What finding the caller costs: a request as the Node client signs it, and an AppCode among a thousand apps.</summary>
[MemoryDiagnoser]
public class SignatureBenchmarks
{
    private const string Key = "203753385";
    private const string Secret = "vgtaxbnqyzmrk7dwheojpuslf3c2i8t5";
    private const string Nonce = "c9f15cbf-f4ac-4a6c-b54d-f51abf4b5b44";
    private const string AppCode = "0123456789abcdef0123456789abcdef";
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);

    private readonly byte[] _form = "account=%E4%B8%AD%E6%96%87&password=a+b&z=1"u8.ToArray();
    private readonly DefaultHttpContext _request = CreateRequest();
    private readonly AppAuthentication _authentication = CreateAuthentication();
    private SignedCall _call;

    [GlobalSetup]
    public void Sign()
    {
        var headers = _request.Request.Headers;
        headers[CaHeaders.Signature] = RequestSigner.Sign(RequestSigner.StringToSign(_request, default), Secret, SignatureMethod.HmacSHA256);
        SignatureCredentials.TryRead(_request, _authentication, out var credentials);
        _call = new SignedCall(_request, null!, _authentication, credentials, _authentication.Apps.FindByKey(Key)!, Now);
        if (!Verify())
        {
            throw new InvalidOperationException("The signature should hold.");
        }
    }

    [Benchmark]
    public int StringToSign() => Write(form: default);

    [Benchmark]
    public int StringToSignWithForm() => Write(_form);

    [Benchmark]
    public bool Verify() => SignatureVerifier.Verify(_call, form: default, charset: null);

    [Benchmark]
    public bool ReadHeaders() => SignatureCredentials.TryRead(_request, _authentication, out _);

    [Benchmark]
    public UInt128 KeyOfNonce() => NonceKey.Create(Key, _authentication.ApiId, Nonce);

    [Benchmark]
    public bool FindAppCode() => _authentication.Apps.FindByCode(AppCode) is not null;

    private int Write(ReadOnlySpan<byte> form)
    {
        Policies.Authentication.Signatures.StringToSign.TryCreate(_request, form, charset: null, out var text);
        text.TryWriteDocumented(out var written);
        var length = written.Length;
        text.Dispose();
        return length;
    }

    private static DefaultHttpContext CreateRequest()
    {
        const string target = "/api/v1/items?name=%E4%B8%AD%E6%96%87&page=2&sort=a%20b&tag=x&tag=y";
        if (!RequestTarget.TryParse(target, out var parsed))
        {
            throw new InvalidOperationException(target);
        }

        var context = new DefaultHttpContext();
        context.Features.Set(new GatewayFeature { RequestId = "B3A1C5F0-6C0B-4B0E-9A55-6F1E1E2D7C10", Target = parsed });
        context.Request.Method = "GET";
        var headers = context.Request.Headers;
        headers.Accept = "application/json";
        headers["x-ca-key"] = Key;
        headers["x-ca-nonce"] = Nonce;
        headers["x-ca-stage"] = "RELEASE";
        headers["x-ca-timestamp"] = "1700000000000";
        headers["x-ca-signature-headers"] = "x-ca-key,x-ca-nonce,x-ca-stage,x-ca-timestamp";
        return context;
    }

    private static AppAuthentication CreateAuthentication()
    {
        var apps = Enumerable.Range(0, 1000).ToDictionary(
            static i => $"app{i}",
            static i => new AppOptions { AppKey = i == 0 ? Key : $"{60_000_000 + i}", AppSecret = Secret, AppCodes = [i == 0 ? AppCode : $"{i:x32}"] });
        return new AppAuthentication
        {
            ApiId = "group/items",
            Apps = AppDirectory.Compile(apps),
            Grants = FrozenDictionary<string, DateTimeOffset?>.Empty,
            AppCode = AppCodeUse.Header,
            AllowSha256 = true,
            AllowSha1 = false,
            RequireNonce = false,
            StrictSignature = false,
            Settings = new AuthenticationOptions(),
        };
    }
}
