using CsCheck;

namespace Gateway.Policies.Tests.Authentication;

public class HostileHeaderTests
{
    private static readonly string[] Names =
    [
        "X-Ca-Key", "X-Ca-Signature", "X-Ca-Signature-Headers", "X-Ca-Signature-Method", "X-Ca-Timestamp", "X-Ca-Nonce", "X-Ca-Stage",
        "Authorization", "Accept", "Content-Type", "Content-MD5", "Date", "X-Other", "x-ca-key",
    ];

    private static readonly string[] Values =
    [
        TestRequest.Key, "HmacSHA1", "HmacSHA256", "1700000000000", "", " ", ",", ",,,", "=", "====", "AAAA", "APPCODE", "APPCODE ", "APPCODE x", "X-Ca-Key,X-Ca-Timestamp",
        "application/x-www-form-urlencoded", "application/x-www-form-urlencoded;charset=", "application/x-www-form-urlencoded;charset=gbk;charset=x", ";", "\t", "%", "中", "\uD800", "\uFFFD",
        "1B2M2Y8AsgTpgAmY7PhCfg==", "9223372036854775808", "X-Ca-Signature-Headers", ":", "::path",
    ];

    /// <summary>Lesson HM-16: a hundred thousand sets of malformed headers, parameters and bodies are each refused with a 4xx of their own, and nothing is thrown.</summary>
    [Fact]
    public async Task Headers_Fuzzed_AreRefusedWithoutAnException()
    {
        using var api = new AppApi();
        var value = Gen.Frequency((4, Gen.OneOf(Values)), (1, Gen.String[0, 12]), (1, Gen.String[Gen.Char[' ', '~'], 0, 60]));
        var headers = Gen.Select(Gen.OneOf(Names), value).Array[0, 9];
        var target = Gen.Frequency((1, Gen.Const("/a")), (1, Gen.String[Gen.OneOf('%', '&', '=', '+', 'a', 'A', '0', '2', 'F', 'f', 'E', '?', '/'), 0, 20].Select(static text => "/" + text)));
        var codes = new HashSet<string>();
        await Gen.Select(headers, target, Gen.Byte.Array[0, 20], Gen.Bool).SampleAsync(
            async (fields, target, body, isSigned) =>
            {
                var request = fields.Aggregate(new TestRequest("POST", target) { Body = body }, static (request, field) => request.Adding(field.Item1, field.Item2));
                var code = await api.SendAsync(isSigned ? request.With("X-Ca-Key", TestRequest.Key).With("X-Ca-Signature", "AAAA") : request);
                lock (codes)
                {
                    codes.Add(code);
                }

                return code is [_, '4', _, _, _, _];
            },
            iter: 100_000);

        Assert.Superset(new HashSet<string> { "A400MA", "I400MH", "A400IK", "A403IS", "I400HD", "A400AC", "S403TE" }, codes);
    }
}
