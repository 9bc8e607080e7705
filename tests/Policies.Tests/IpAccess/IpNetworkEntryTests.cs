using System.Net;
using CsCheck;
using Gateway.Policies.IpAccess;

namespace Gateway.Policies.Tests.IpAccess;

/// <summary>Lesson IP-08: what a list takes is exactly what the documentation says; the framework alone takes more, and differently.</summary>
public class IpNetworkEntryTests
{
    private const string NoNetwork = "neither an address nor a network";
    private const string NoPrefix = "no valid prefix length";
    private const string HostBits = "an address inside a network";

    [Theory]
    [InlineData("10.1.2.3", "10.1.2.3", "10.1.2.3")]
    [InlineData("10.0.0.0/8", "10.0.0.0", "10.255.255.255")]
    [InlineData("0.0.0.0/0", "0.0.0.0", "255.255.255.255")]
    [InlineData("10.1.2.3/32", "10.1.2.3", "10.1.2.3")]
    [InlineData("192.168.1.4/31", "192.168.1.4", "192.168.1.5")]
    [InlineData("255.255.255.255", "255.255.255.255", "255.255.255.255")]
    [InlineData("2001:db8::/32", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("2001:0DB8:0000::0001", "2001:db8::1", "2001:db8::1")]
    [InlineData("::1/128", "::1", "::1")]
    [InlineData("::/0", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("::ffff:10.1.2.3", "10.1.2.3", "10.1.2.3")]
    [InlineData("::ffff:10.0.0.0/104", "10.0.0.0", "10.255.255.255")]
    [InlineData("::ffff:0.0.0.0/96", "0.0.0.0", "255.255.255.255")]
    public void Read_OfWhatIsTaken_GivesItsRange(string text, string first, string last)
    {
        Assert.Null(IpNetworkEntry.Read(text, out var network));
        Assert.Null(IpAccessList.Refuse(text));

        Assert.Equal((IpNetworkEntry.Of(IPAddress.Parse(first)).First, IpNetworkEntry.Of(IPAddress.Parse(last)).Last), (network.First, network.Last));
        Assert.Equal(IPAddress.Parse(first).GetAddressBytes().Length == 4, network.IsIPv4);
    }

    [Theory]
    [InlineData("", NoNetwork)]
    [InlineData(" ", NoNetwork)]
    [InlineData("10.1.2.3 ", NoNetwork)]
    [InlineData(" 10.1.2.3", NoNetwork)]
    [InlineData("10.0.0.0 /8", NoNetwork)]
    [InlineData("2001:db8::1 ", NoNetwork)]
    [InlineData(" 2001:db8::/32", NoNetwork)]
    [InlineData("10.1", NoNetwork)]
    [InlineData("167837955", NoNetwork)]
    [InlineData("0x0a.1.2.3", NoNetwork)]
    [InlineData("010.1.2.3", NoNetwork)]
    [InlineData("10.1.2.03", NoNetwork)]
    [InlineData("10.1.2.256", NoNetwork)]
    [InlineData("10.1.2.3.4", NoNetwork)]
    [InlineData("10.1.2.*", NoNetwork)]
    [InlineData("10.1.2.3-10.1.2.9", NoNetwork)]
    [InlineData("10.1.2.3:80", NoNetwork)]
    [InlineData("[::1]", NoNetwork)]
    [InlineData("[::1]:80", NoNetwork)]
    [InlineData("fe80::1%eth0", NoNetwork)]
    [InlineData("fe80::%1/64", NoNetwork)]
    [InlineData("2001:db8", NoNetwork)]
    [InlineData("2001:db8:::1", NoNetwork)]
    [InlineData("localhost", NoNetwork)]
    [InlineData("*", NoNetwork)]
    [InlineData("/8", NoNetwork)]
    [InlineData("10.0.0.0/", NoPrefix)]
    [InlineData("10.0.0.0/33", NoPrefix)]
    [InlineData("10.0.0.0/-1", NoPrefix)]
    [InlineData("10.0.0.0/+8", NoPrefix)]
    [InlineData("10.0.0.0/ 8", NoPrefix)]
    [InlineData("10.0.0.0/8 ", NoPrefix)]
    [InlineData("10.0.0.0/08", NoPrefix)]
    [InlineData("10.0.0.0/8/8", NoPrefix)]
    [InlineData("10.0.0.0/٨", NoPrefix)]
    [InlineData("10.0.0.0/99999999999", NoPrefix)]
    [InlineData("10.0.0.0/255.0.0.0", NoPrefix)]
    [InlineData("2001:db8::/129", NoPrefix)]
    [InlineData("10.1.2.3/8", HostBits)]
    [InlineData("10.0.0.0/0", HostBits)]
    [InlineData("2001:db8::1/32", HostBits)]
    [InlineData("::ffff:10.0.0.0/95", HostBits)]
    public void Refuse_OfWhatIsNotTaken_SaysWhatToWrite(string text, string reason)
    {
        var refusal = IpAccessList.Refuse(text);

        Assert.Contains(reason, refusal, StringComparison.Ordinal);
        Assert.Contains("Write ", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.1.2.3/8", "Write 10.0.0.0/8 or 10.1.2.3.")]
    [InlineData("2001:db8::1/32", "Write 2001:db8::/32 or 2001:db8::1.")]
    public void Refuse_OfHostBits_NamesBothThingsThatMayBeMeant(string text, string fix)
        => Assert.EndsWith(fix, IpAccessList.Refuse(text), StringComparison.Ordinal);

    [Fact]
    public void Refuse_OfLongOrBinaryText_ShowsLittleOfIt()
    {
        var refusal = IpAccessList.Refuse("\u001b[2J" + new string('x', 10_000))!;

        Assert.InRange(refusal.Length, 80, 250);
        Assert.StartsWith("'#[2Jxxx", refusal, StringComparison.Ordinal);
    }

    /// <summary>Whatever somebody writes: it is refused with a reason, or it can be compiled.</summary>
    [Fact]
    public void Refuse_AnyText_NeverThrowsAndAgreesWithCompiling()
        => Gen.OneOf(Gen.String, Gen.String[Gen.Char["0123456789abcdef.:/%[] -"], 0, 20]).Sample(
            static text =>
            {
                var isCompiled = true;
                try
                {
                    IpAccessList.Compile(new IpAccessOptions { Allow = [text] });
                }
                catch (FormatException)
                {
                    isCompiled = false;
                }

                Assert.Equal(isCompiled, IpAccessList.Refuse(text) is null);
            },
            iter: 8000);
}
