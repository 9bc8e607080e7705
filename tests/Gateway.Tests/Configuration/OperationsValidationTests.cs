namespace Gateway.Tests.Configuration;

/// <summary>Rules for <c>Gateway:Management</c>, <c>Gateway:Shutdown</c> and <c>Gateway:Tls</c>.</summary>
public class OperationsValidationTests
{
    [Theory]
    [InlineData(""" "Management": { "Address": "localhost" } """, "Management:Address", "'localhost' is not an IP address. Write 127.0.0.1 for this machine only")]
    [InlineData(""" "Management": { "Address": "" } """, "Management:Address", "is not an IP address")]
    [InlineData(""" "Management": { "Port": 65536 } """, "Management:Port", "65535")]
    [InlineData(""" "Management": { "Port": -1 } """, "Management:Port", "65535")]
    [InlineData(""" "Management": { "Host": "x" } """, "Management:Host", "")]
    [InlineData(""" "Shutdown": { "Timeout": "5s" } """, "Shutdown:Timeout", "5s is over before the DrainDelay of 5s is")]
    [InlineData(""" "Shutdown": { "DrainDelay": "25s" } """, "Shutdown:Timeout", "25s is over before the DrainDelay of 25s is. Write a longer Timeout")]
    [InlineData(""" "Shutdown": { "Timeout": "10" } """, "Shutdown:Timeout", "10s")]
    [InlineData(""" "Shutdown": { "Timeout": "500ms" } """, "Shutdown:Timeout", "1s")]
    [InlineData(""" "Shutdown": { "DrainDelay": "11m" } """, "Shutdown:DrainDelay", "10m")]
    [InlineData(""" "Tls": { "Certificates": { "a": {} } } """, "Tls:Certificates:a:Certificate", "Write the file with the certificate, such as /run/tls/tls.crt.")]
    [InlineData(""" "Tls": { "Certificates": { "a": { "Certificate": "a.PFX", "Key": "a.key" } } } """, "Tls:Certificates:a:Key", "'a.PFX' holds the key itself. Take Key out.")]
    [InlineData(
        """ "Tls": { "Certificates": { "a": { "Certificate": "a.crt" }, "b": { "Certificate": "b.crt" } } } """,
        "Tls:Certificates:b:Hosts", "b and a both have no Hosts, and only one can be the default. Write the hosts of one of them.")]
    [InlineData(
        """ "Tls": { "Certificates": { "a": { "Certificate": "a.crt", "Hosts": [ "x.example" ] }, "b": { "Certificate": "b.crt", "Hosts": [ "y.example", "X.example" ] } } } """,
        "Tls:Certificates:b:Hosts:1", "'X.example' is a host of a already. Take it out of one of them.")]
    [InlineData(
        """ "Tls": { "Certificates": { "a": { "Certificate": "a.crt", "Hosts": [ "https://x.example" ] } } } """,
        "Tls:Certificates:a:Hosts:0", "'https://x.example' is a URL. Write the host alone, such as api.example.com.")]
    [InlineData(""" "Tls": { "RedirectPort": 0 } """, "Tls:RedirectPort", "65535")]
    public void Section_Mistake_IsAProblem(string section, string path, string message)
    {
        var problem = Loading.LoadOneProblem($$"""{ "Gateway": { {{section}} } }""");

        Assert.Equal("Gateway:" + path, problem.Path);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""" "Management": { "Address": "::", "Port": 0 } """)]
    [InlineData(""" "Shutdown": { "DrainDelay": "0s", "Timeout": "1s" } """)]
    [InlineData(""" "Tls": { "Certificates": { "a": { "Certificate": "a.crt" }, "b": { "Certificate": "b.p12", "Hosts": [ "*.b.example", "b.example" ] } } } """)]
    public void Section_Right_IsTaken(string section) => Loading.LoadValid($$"""{ "Gateway": { {{section}} } }""");

    [Fact]
    public void Shutdown_ShortTimeoutInDevelopment_HasNoDelayToOutlast()
        => Loading.LoadValid("""{ "Gateway": { "Shutdown": { "Timeout": "2s" } } }""", static source => source with { Environment = "Development" });
}
