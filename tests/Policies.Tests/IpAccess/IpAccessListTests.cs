using System.Net;
using CsCheck;
using Gateway.Policies.IpAccess;
using IPNetwork = System.Net.IPNetwork;

namespace Gateway.Policies.Tests.IpAccess;

public class IpAccessListTests
{
    private static readonly IPAddress[] Edges = [IPAddress.Any, IPAddress.Broadcast, IPAddress.IPv6Any, IPAddress.Parse("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")];

    /// <summary>IP-07: an allow list alone refuses every other address, of the other family too.</summary>
    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("10.255.255.255", true)]
    [InlineData("9.255.255.255", false)]
    [InlineData("11.0.0.0", false)]
    [InlineData("::1", false)]
    [InlineData("::a00:1", false)] // 10.0.0.1 as the last bits of an IPv6 address is not 10.0.0.1.
    [InlineData("::ffff:10.1.2.3", true)] // IP-04
    [InlineData("::ffff:11.1.2.3", false)]
    public void AllowAlone_RefusesEverybodyElse(string address, bool isAdmitted) => Check(["10.0.0.0/8"], [], address, isAdmitted);

    [Theory]
    [InlineData("2001:db8::1", true)]
    [InlineData("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db9::", false)]
    [InlineData("2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", false)]
    [InlineData("10.1.2.3", false)]
    public void AllowAlone_OfIPv6_RefusesEverybodyElse(string address, bool isAdmitted) => Check(["2001:db8::/32"], [], address, isAdmitted);

    [Theory]
    [InlineData("10.6.6.6", false)]
    [InlineData("::ffff:10.6.6.6", false)]
    [InlineData("10.6.6.5", true)]
    [InlineData("2001:db8::1", true)]
    public void DenyAlone_AdmitsEverybodyElse(string address, bool isAdmitted) => Check([], ["10.6.6.6"], address, isAdmitted);

    /// <summary>IP-14.</summary>
    [Theory]
    [InlineData("10.6.6.6", false)]
    [InlineData("10.6.6.7", true)]
    [InlineData("192.0.2.1", false)]
    public void AllowAndDeny_DenyWins(string address, bool isAdmitted) => Check(["10.0.0.0/8", "10.6.6.6"], ["10.6.6.6"], address, isAdmitted);

    /// <summary>IP-04, the other way round: rules in mapped form match plain addresses.</summary>
    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("::ffff:10.1.2.3", true)]
    [InlineData("10.1.2.4", true)]
    [InlineData("10.1.3.1", false)]
    public void MappedEntries_AreIPv4(string address, bool isAdmitted) => Check(["::ffff:10.1.2.3", "::ffff:10.1.2.0/120"], [], address, isAdmitted);

    /// <summary>IP-08: everything of one family is nothing of the other.</summary>
    [Theory]
    [InlineData("0.0.0.0/0", "255.255.255.255", true)]
    [InlineData("0.0.0.0/0", "0.0.0.0", true)]
    [InlineData("0.0.0.0/0", "::1", false)]
    [InlineData("::/0", "::", true)]
    [InlineData("::/0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true)]
    [InlineData("::/0", "10.1.2.3", false)]
    [InlineData("::/0", "::ffff:10.1.2.3", false)]
    [InlineData("255.255.255.255/32", "255.255.255.255", true)]
    [InlineData("255.255.255.255/32", "255.255.255.254", false)]
    [InlineData("::1/128", "::1", true)]
    [InlineData("::1/128", "::2", false)]
    public void LargestAndSmallestNetworks_Match(string entry, string address, bool isAdmitted) => Check([entry], [], address, isAdmitted);

    /// <summary>IP-15.</summary>
    [Fact]
    public void UnknownAddress_WithAnyRule_IsRefused()
    {
        Assert.False(Compile(["0.0.0.0/0", "::/0"], []).Admits(null, app: null));
        Assert.False(Compile([], ["10.6.6.6"]).Admits(null, app: null));
        Assert.False(Compile([], [], ("a", ["10.0.0.1"])).Admits(null, "a"));
        Assert.False(Compile([], [], ("a", ["10.0.0.1"])).AdmitsEverybody(null));
    }

    [Fact]
    public void EmptyPolicy_AdmitsEverybody()
    {
        var list = Compile([], []);

        Assert.True(list.Admits(IPAddress.IPv6Loopback, app: null));
        Assert.True(list.Admits(null, "a"));
        Assert.True(list.AdmitsEverybody(null));
    }

    [Theory]
    [InlineData("192.0.2.7", null, true)] // Some app may: which one it is, authentication finds out.
    [InlineData("192.0.2.7", "fcApp", true)]
    [InlineData("192.0.2.7", "FCAPP", true)]
    [InlineData("192.0.2.7", "other", false)]
    [InlineData("192.0.2.7", "unknown", false)]
    [InlineData("192.0.2.8", "other", true)]
    [InlineData("192.0.2.8", "fcApp", false)]
    [InlineData("10.1.1.1", "fcApp", true)]
    [InlineData("10.1.1.1", "unknown", true)]
    [InlineData("10.6.6.6", "fcApp", false)] // Deny wins over an app's addresses too.
    [InlineData("10.6.6.6", null, false)]
    [InlineData("203.0.113.1", null, false)]
    [InlineData("203.0.113.1", "fcApp", false)]
    public void AddressesOfApps_AdmitTheirAppOnly(string address, string? app, bool isAdmitted)
    {
        var list = Compile(["10.0.0.0/8"], ["10.6.6.6"], ("fcApp", ["192.0.2.7", "10.6.6.6"]), ("other", ["192.0.2.8"]));

        Assert.Equal(isAdmitted, list.Admits(IPAddress.Parse(address), app));
    }

    /// <summary>A list that names apps only is an allow list as well: it must not open the API to everybody.</summary>
    [Fact]
    public void AddressesOfAppsAlone_RefuseEverybodyElse()
    {
        var list = Compile([], [], ("fcApp", ["192.0.2.7"]));

        Assert.True(list.Admits(IPAddress.Parse("192.0.2.7"), "fcApp"));
        Assert.False(list.Admits(IPAddress.Parse("192.0.2.7"), "other"));
        Assert.False(list.Admits(IPAddress.Parse("192.0.2.8"), "fcApp"));
        Assert.False(list.AdmitsEverybody(IPAddress.Parse("192.0.2.7")));
    }

    [Fact]
    public void AppWithoutAddresses_IsAdmittedLikeEverybody()
    {
        var list = Compile([], ["10.6.6.6"], ("fcApp", []));

        Assert.True(list.Admits(IPAddress.Parse("10.1.1.1"), "fcApp"));
        Assert.False(list.Admits(IPAddress.Parse("10.6.6.6"), "fcApp"));
    }

    [Theory]
    [InlineData("10.6.6.6", "Deny 10.6.0.0/16")]
    [InlineData("::ffff:10.6.6.6", "Deny 10.6.0.0/16")]
    [InlineData("10.7.7.7", "Deny 10.7.7.7")]
    [InlineData("192.0.2.1", "no entry in Allow")]
    [InlineData(null, "an unknown address")]
    public void RuleAgainst_NamesTheFirstEntry(string? address, string rule)
        => Assert.Equal(rule, Compile(["10.0.0.0/8"], ["10.6.0.0/16", "10.7.7.7", "10.6.6.6"]).RuleAgainst(address is null ? null : IPAddress.Parse(address)));

    /// <summary>IP-09, IP-14, IP-07 for any lists: the same answers as asking each network in turn.</summary>
    [Fact]
    public void Admits_AnyLists_AgreesWithAskingEachNetwork()
    {
        var byteOf = Gen.Byte[0, 3]; // Few values, so that networks overlap, touch and repeat.
        var v4 = Gen.Select(byteOf, byteOf, byteOf, static (a, b, c) => new IPAddress([10, a, b, c]));
        var v6 = Gen.Select(byteOf, byteOf, byteOf, static (a, b, c) => new IPAddress([0x20, 1, 0xd, 0xb8, a, 0, 0, 0, b, 0, 0, 0, 0, 0, 0, c]));
        var edge = Gen.Int[0, 3].Select(static i => Edges[i]);
        var address = Gen.Frequency((5, v4), (5, v6), (1, edge));
        var network = Gen.Select(address, Gen.Int[0, 128], static (a, prefix) => NetworkOf(a, prefix));
        var networks = network.Array[0, 12];

        Gen.Select(networks, networks, networks, address.Array[20]).Sample(
            (allow, deny, own, addresses) =>
            {
                var list = Compile([.. allow.Select(Write)], [.. deny.Select(Write)], ("a", [.. own.Select(Write)]));
                foreach (var one in addresses.Concat(allow.Concat(deny).Select(static n => n.BaseAddress)))
                {
                    bool In(IPNetwork[] set) => set.Any(n => n.Contains(one));
                    var everybody = !In(deny) && (In(allow) || (allow.Length == 0 && own.Length == 0));
                    Assert.Equal(everybody, list.AdmitsEverybody(one));
                    Assert.Equal(everybody, list.Admits(one, "b"));
                    Assert.Equal(everybody || (!In(deny) && In(own)), list.Admits(one, "a"));
                    Assert.Equal(everybody || (!In(deny) && In(own)), list.Admits(one, null));
                    Assert.Equal(everybody, list.AdmitsEverybody(one.MapToIPv6()));
                }
            },
            iter: 1500);
    }

    [Fact]
    public void Admits_AllocatesNothing()
    {
        var list = Compile([.. Enumerable.Range(0, 1000).Select(static i => $"10.{i / 256}.{i % 256}.0/25")], ["10.0.0.7"], ("a", ["2001:db8::/32"]));
        var addresses = new[] { IPAddress.Parse("10.2.3.4"), IPAddress.Parse("2001:db8::1"), IPAddress.Parse("::ffff:10.2.3.4") };
        var admitted = 0;
        Ask();

        var before = GC.GetAllocatedBytesForCurrentThread();
        Ask();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(6, admitted);

        void Ask()
        {
            foreach (var address in addresses)
            {
                admitted += list.Admits(address, "a") ? 1 : 0;
            }
        }
    }

    private static void Check(string[] allow, string[] deny, string address, bool isAdmitted)
    {
        var list = Compile(allow, deny);

        Assert.Equal(isAdmitted, list.Admits(IPAddress.Parse(address), app: null));
        Assert.Equal(isAdmitted, list.Admits(IPAddress.Parse(address), "app"));
        Assert.Equal(isAdmitted, list.AdmitsEverybody(IPAddress.Parse(address)));
    }

    private static IpAccessList Compile(string[] allow, string[] deny, params (string App, string[] Allow)[] apps) => IpAccessList.Compile(new IpAccessOptions
    {
        Allow = allow,
        Deny = deny,
        Apps = apps.ToDictionary(static app => app.App, static app => new IpAccessAppOptions { Allow = app.Allow }),
    });

    private static IPNetwork NetworkOf(IPAddress address, int prefix)
    {
        var bytes = address.GetAddressBytes();
        prefix = Math.Min(prefix, bytes.Length * 8);
        for (var bit = prefix; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new IPNetwork(new IPAddress(bytes), prefix);
    }

    private static string Write(IPNetwork network) => network.ToString();
}
