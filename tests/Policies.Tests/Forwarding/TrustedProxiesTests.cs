using System.Net;
using Gateway.Policies.Forwarding;

namespace Gateway.Policies.Tests.Forwarding;

public class TrustedProxiesTests
{
    private static readonly IPAddress Peer = IPAddress.Parse("10.0.0.1");

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7", "203.0.113.7, 10.0.0.1")]
    [InlineData("6.6.6.6, 203.0.113.7, 10.0.0.2", "203.0.113.7", "203.0.113.7, 10.0.0.2, 10.0.0.1")] // what the client made up does not count
    [InlineData("10.0.0.3, 10.0.0.2", "10.0.0.3", "10.0.0.3, 10.0.0.2, 10.0.0.1")]
    [InlineData("203.0.113.7:5555", "203.0.113.7", "203.0.113.7, 10.0.0.1")]
    [InlineData("[2001:db8::1]:7", "2001:db8::1", "2001:db8::1, 10.0.0.1")]
    [InlineData("2001:db8::1", "2001:db8::1", "2001:db8::1, 10.0.0.1")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7", "203.0.113.7, 10.0.0.1")]
    [InlineData("unknown", "10.0.0.1", "10.0.0.1")]
    [InlineData("_hidden", "10.0.0.1", "10.0.0.1")]
    [InlineData("203.0.113.7, unknown", "10.0.0.1", "10.0.0.1")] // an entry that is no address ends the chain
    [InlineData("1", "10.0.0.1", "10.0.0.1")]
    [InlineData("203.0.7", "10.0.0.1", "10.0.0.1")] // 203.0.0.7 to the framework
    [InlineData("0313.0.113.7", "10.0.0.1", "10.0.0.1")] // octal to the framework
    [InlineData("0xcb.0.113.7", "10.0.0.1", "10.0.0.1")]
    [InlineData("[2001:db8::1", "10.0.0.1", "10.0.0.1")]
    [InlineData("[203.0.113.7]", "203.0.113.7", "203.0.113.7, 10.0.0.1")]
    [InlineData("fe80::1%eth0", "10.0.0.1", "10.0.0.1")]
    [InlineData("", "10.0.0.1", "10.0.0.1")]
    [InlineData(", ,", "10.0.0.1", "10.0.0.1")]
    [InlineData("203.0.113.7,", "10.0.0.1", "10.0.0.1")]
    public void Resolve_OneLine_WalksFromTheRight(string forwardedFor, string client, string chain)
    {
        var proxies = TrustedProxies.Compile(["10.0.0.0/24"]);

        Assert.Equal(IPAddress.Parse(client), proxies.Resolve(Peer, forwardedFor, out var actual));
        Assert.Equal(chain, actual);
    }

    [Fact]
    public void Resolve_SeveralLines_CountAsOneList()
    {
        var proxies = TrustedProxies.Compile(["10.0.0.0/24"]);

        var client = proxies.Resolve(Peer, new[] { "6.6.6.6, 203.0.113.7", "10.0.0.2" }, out var chain);

        Assert.Equal(IPAddress.Parse("203.0.113.7"), client);
        Assert.Equal("203.0.113.7, 10.0.0.2, 10.0.0.1", chain);
    }

    /// <summary>Lesson IP-03: no proxies are no proxies, not all of them.</summary>
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("0.0.0.0")]
    public void Contains_EmptyList_TrustsNobody(string address) => Assert.False(TrustedProxies.Compile([]).Contains(IPAddress.Parse(address)));

    /// <summary>Lesson IP-04, both ways round.</summary>
    [Theory]
    [InlineData("10.0.0.0/24", "::ffff:10.0.0.9")]
    [InlineData("::ffff:10.0.0.0/120", "10.0.0.9")]
    [InlineData("::ffff:10.0.0.9", "10.0.0.9")]
    public void Contains_MappedForm_IsTheIPv4Address(string proxies, string address) => Assert.True(TrustedProxies.Compile([proxies]).Contains(IPAddress.Parse(address)));

    [Fact]
    public void Normalize_MappedAddress_IsTheIPv4Address()
        => Assert.True(TrustedProxies.Compile(["10.0.0.0/24"]).Contains(TrustedProxies.Normalize(IPAddress.Parse("::ffff:10.0.0.9"))));
}
