using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;

namespace Gateway.IntegrationTests;

/// <summary>A backend must prove who it is, unless the operator says otherwise, which is never done silently.</summary>
public class TlsTests
{
    [Theory]
    [InlineData("WebFunction", false, 504)]
    [InlineData("EventFunction", false, 504)]
    [InlineData("WebFunction", true, 200)]
    [InlineData("EventFunction", true, 200)]
    public async Task Backend_WithACertificateNobodyVouchesFor_IsRefusedUnlessAllowed(string type, bool allow, int status)
    {
        using var certificate = CreateCertificate();
        await using var function = await LoopbackServer.StartAsync(static context => context.Response.WriteAsync("""{"statusCode":200}"""), certificate);
        await using var gateway = await RunningGateway.StartSectionAsync($$"""
            {
              "Backends": { "f": { "Type": "{{type}}", "Address": "{{function.Address}}", "AllowInvalidCertificate": {{(allow ? "true" : "false")}} } },
              "Groups": { "g": { "Apis": { "a": { "Path": "/*", "Backend": "f", "Auth": "None" } } } }
            }
            """);

        var answer = await RawHttp.SendAsync(gateway.Address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.Equal((status, allow ? null : "D504CS"), (answer.Status, answer.Header("X-Ca-Error-Code")));
        Assert.Equal(allow, gateway.Log.Lines.Any(static line => line.Contains("accepts any certificate", StringComparison.Ordinal)));
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(100));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
    }
}
