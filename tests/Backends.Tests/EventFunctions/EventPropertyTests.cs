using System.Text;
using System.Text.Json;
using CsCheck;
using Gateway.Backends.EventFunctions;
using Microsoft.AspNetCore.Http;

namespace Gateway.Backends.Tests.EventFunctions;

/// <summary>What goes into an event or a result comes out of it again, whatever it is.</summary>
public sealed class EventPropertyTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static readonly Gen<string> Token = Gen.Char["abcXYZ019!#$%&'*+^`|~-"].Array[1, 12].Select(static letters => "q" + new string(letters));

    /// <summary>Any text, lone surrogates and controls included.</summary>
    private static readonly Gen<string> Text = Gen.OneOf(Gen.String, Gen.Char.Array[0, 20].Select(static letters => new string(letters)));

    [Fact]
    public void Body_OfAnyBytes_ComesBackFromTheEvent()
        => Gen.Select(Gen.Byte.Array[0, 3000], Gen.Enum<EventBodyEncoding>(), Gen.Enum<FormBodyEncoding>(), Gen.Bool).Sample(static (bytes, body, form, isForm) =>
        {
            if (isForm && form == FormBodyEncoding.JsonMap)
            {
                return;
            }

            using var read = Event("/", bytes, new EventFunctionOptions { Body = body, FormBody = form }, isForm ? "application/x-www-form-urlencoded" : "text/plain");
            var text = read.RootElement.GetProperty("body").GetString()!;

            Assert.Equal(bytes, read.RootElement.GetProperty("isBase64Encoded").GetBoolean() ? Convert.FromBase64String(text) : Encoding.UTF8.GetBytes(text));
        });

    [Fact]
    public void Headers_OfAnyNamesAndValues_ComeBackFromTheEvent()
        => Gen.Dictionary(Token, Text.Array[1, 3])[0, 10].Sample(static headers =>
        {
            var distinct = new Dictionary<string, string[]>(StringComparer.OrdinalIgnoreCase);
            foreach (var (name, values) in headers)
            {
                distinct[name] = values;
            }

            using var read = Event("/", [], headers: distinct);
            var written = read.RootElement.GetProperty("headers");

            foreach (var (name, values) in distinct)
            {
                Assert.Equal(WellFormed(string.Join(", ", values)), written.GetProperty(name).GetString());
            }

            Assert.Equal(distinct.Count + 4, written.EnumerateObject().Count());
        });

    [Fact]
    public void Query_OfAnyNamesAndValues_ComesBackFromTheEvent()
        => Gen.Select(Gen.Select(Gen.String, Gen.String).Array[0, 40], Gen.Enum<RepeatedQuery>()).Sample(static (pairs, repeated) =>
        {
            var wellFormed = pairs.Select(static pair => (Name: WellFormed(pair.Item1), Value: WellFormed(pair.Item2))).ToArray();
            var query = string.Join('&', wellFormed.Select(static pair => $"{Uri.EscapeDataString(pair.Name)}={Uri.EscapeDataString(pair.Value)}"));

            using var read = Event("/?" + query, [], new EventFunctionOptions { RepeatedQuery = repeated });

            var expected = wellFormed.Where(static pair => pair.Name.Length > 0).GroupBy(static pair => pair.Name, static pair => pair.Value).ToDictionary(
                static group => group.Key,
                group => repeated switch
                {
                    RepeatedQuery.First => group.First(),
                    RepeatedQuery.Last => group.Last(),
                    _ => string.Join(',', group),
                });
            Assert.Equal(expected, read.RootElement.GetProperty("queryParameters").Deserialize<Dictionary<string, string>>());
        });

    [Fact]
    public void Query_OfAnyText_GivesAnEventWithEachNameOnce()
        => Gen.Char["a%+&=41fFzé\ud800\"\\"].Array[0, 200].Sample(static letters =>
        {
            using var read = Event("/?" + new string(letters), []); // parsing refuses duplicates

            Assert.All(read.RootElement.GetProperty("queryParameters").EnumerateObject(), static member => Assert.NotEqual("", member.Name));
        });

    [Theory]
    [InlineData(RepeatedQuery.First)]
    [InlineData(RepeatedQuery.Last)]
    [InlineData(RepeatedQuery.Join)]
    public void Query_OfOneNameVeryOften_TakesTimeInProportion(RepeatedQuery repeated)
    {
        const int count = 400_000;
        var query = new StringBuilder("/?").Insert(2, "a=x&", count).ToString();

        // Quadratic work on 400,000 fields would take minutes.
        using var read = Event(query, [], new EventFunctionOptions { RepeatedQuery = repeated });

        var value = read.RootElement.GetProperty("queryParameters").GetProperty("a").GetString()!;
        Assert.Equal(repeated == RepeatedQuery.Join ? (2 * count) - 1 : 1, value.Length);
    }

    [Fact]
    public void Query_OfVeryManyNames_TakesTimeInProportion()
    {
        var query = string.Join('&', Enumerable.Range(0, 100_000).Select(static i => $"n{i}"));

        using var read = Event("/?" + query, []);

        Assert.Equal(100_000, read.RootElement.GetProperty("queryParameters").EnumerateObject().Count());
    }

    [Fact]
    public void FormMap_OfAnyFields_IsJsonWithTheirFirstValues()
        => Gen.Select(Gen.String, Gen.String).Array[1, 20].Sample(static pairs =>
        {
            var wellFormed = pairs.Select(static pair => (Name: "n" + WellFormed(pair.Item1), Value: WellFormed(pair.Item2))).ToArray();
            var form = string.Join('&', wellFormed.Select(static pair => $"{Uri.EscapeDataString(pair.Name)}={Uri.EscapeDataString(pair.Value)}"));

            using var read = Event(
                "/", Encoding.UTF8.GetBytes(form), new EventFunctionOptions { FormBody = FormBodyEncoding.JsonMap }, "application/x-www-form-urlencoded");

            Assert.Equal(
                wellFormed.GroupBy(static pair => pair.Name).ToDictionary(static group => group.Key, static group => group.First().Value),
                JsonSerializer.Deserialize<Dictionary<string, string>>(read.RootElement.GetProperty("body").GetString()!));
        });

    [Fact]
    public void Result_OfAnyStatusHeadersAndBody_ComesBackFromItsReader()
        => Gen.Select(Gen.Int[200, 599], Gen.Dictionary(Token, Gen.String[Gen.Char[' ', '~'], 0, 20])[0, 20], Gen.Byte.Array[0, 2000], Gen.Bool).Sample(
            static (status, headers, body, isIndented) =>
            {
                var distinct = headers.Where(static header => header.Value.Trim() == header.Value)
                    .DistinctBy(static header => header.Key, StringComparer.OrdinalIgnoreCase).ToDictionary();
                var result = JsonSerializer.SerializeToUtf8Bytes(
                    new { statusCode = status, isBase64Encoded = true, headers = distinct, body = Convert.ToBase64String(body) },
                    isIndented ? Indented : null);
                var written = new HeaderDictionary();

                Assert.True(EventResultReader.TryRead(result, written, out var read, out var problem), problem);

                Assert.Equal(status, read.StatusCode);
                Assert.Equal(body, result.AsSpan(read.BodyStart, read.BodyLength).ToArray());
                Assert.Equal(distinct, written.ToDictionary(static header => header.Key, static header => header.Value.ToString()));
            });

    [Fact]
    public void Result_WithAnyTextAsBody_GivesThatText()
        => Text.Sample(static text =>
        {
            var wellFormed = WellFormed(text);
            var result = JsonSerializer.SerializeToUtf8Bytes(new { statusCode = "200", body = wellFormed });

            Assert.True(EventResultReader.TryRead(result, new HeaderDictionary(), out var read, out var problem), problem);

            Assert.Equal(wellFormed, Encoding.UTF8.GetString(result, read.BodyStart, read.BodyLength));
        });

    [Fact]
    public void Result_OfAnyBytes_IsAnAnswerOrAProblemAndNeverAnException()
        => Gen.OneOf(
            Gen.Byte.Array[0, 200],
            Gen.Char["{}[]\":,\\u0d8ntrue123 .eE-statuCodhri"].Array[0, 100].Select(static letters => Encoding.UTF8.GetBytes(letters)),
            Gen.Char["{}[]\":,\\ud80n12 .aZ=+/\n"].Array[0, 60].Select(static letters =>
                Encoding.UTF8.GetBytes($$"""{"statusCode":200,"isBase64Encoded":true,"headers":{"a":"b"},"body":"{{new string(letters)}}"}"""))).Sample(static bytes =>
        {
            var headers = new HeaderDictionary();
            var isRead = EventResultReader.TryRead(bytes, headers, out var read, out var problem);

            Assert.Equal(isRead, problem is null);
            Assert.True(isRead ? read.BodyStart + read.BodyLength <= bytes.Length : headers.Count == 0);
        });

    private static JsonDocument Event(
        string target, byte[] body, EventFunctionOptions? options = null, string contentType = "text/plain", Dictionary<string, string[]>? headers = null)
    {
        var context = new DefaultHttpContext();
        context.Features.Set(TestApi.Feature(target));
        context.Request.Method = "POST";
        context.Request.ContentType = contentType;
        context.Request.Body = new MemoryStream(body);
        foreach (var (name, values) in headers ?? [])
        {
            context.Request.Headers[name] = values;
        }

        using var buffer = new PooledBuffer(16);
        var written = EventWriter.TryWriteAsync(context, new EventFunction(TestApi.Create(options), TimeProvider.System), buffer).AsTask().GetAwaiter().GetResult();
        Assert.True(written);
        return JsonDocument.Parse(buffer.WrittenMemory.ToArray(), new JsonDocumentOptions { AllowDuplicateProperties = false });
    }

    /// <summary>The text as UTF-8 can hold it: lone surrogates become U+FFFD.</summary>
    private static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
