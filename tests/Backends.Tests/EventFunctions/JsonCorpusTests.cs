using System.Text;
using System.Text.Json;
using Gateway.Contracts;
using Gateway.TestSupport;

namespace Gateway.Backends.Tests.EventFunctions;

/// <summary>The documents of JSONTestSuite, as a function's result and as the body inside one.</summary>
public sealed class JsonCorpusTests
{
    [Fact]
    public async Task Document_AsAWholeResult_IsRefusedCleanly()
    {
        foreach (var (name, bytes) in Documents())
        {
            var answer = await FunctionAnswer.OfResultAsync(bytes);

            Assert.True(answer.Gateway.Failure == GatewayError.FunctionResultInvalid, $"{name}: no document of the suite has a statusCode");
        }
    }

    [Fact]
    public async Task Document_AsABody_ComesThroughByteForByteOrIsRefused()
    {
        foreach (var (name, bytes) in Documents())
        {
            var answer = await FunctionAnswer.OfResultAsync([.. """{"statusCode":200,"body":"""u8, .. bytes, (byte)'}']);

            if (answer.Gateway.Failure is null)
            {
                Assert.False(name.StartsWith("n_", StringComparison.Ordinal) && !IsJsonInside(bytes), $"{name} is not JSON, and was taken for it");
                Assert.True(Expected(bytes).AsSpan().SequenceEqual(answer.Body), $"{name} came through changed");
            }
            else
            {
                Assert.False(name.StartsWith("y_", StringComparison.Ordinal), $"{name} is JSON, and was refused: {answer.Gateway.FailureDetail}");
                Assert.Equal(GatewayError.FunctionResultInvalid, answer.Gateway.Failure);
            }
        }
    }

    /// <summary>A file that closes or continues the object around it makes another, valid document of the two.</summary>
    private static bool IsJsonInside(byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse((byte[])[.. """{"statusCode":200,"body":"""u8, .. bytes, (byte)'}']);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static byte[] Expected(byte[] bytes)
    {
        using var document = JsonDocument.Parse((byte[])[.. """{"statusCode":200,"body":"""u8, .. bytes, (byte)'}']);
        var body = document.RootElement.GetProperty("body");
        return body.ValueKind switch
        {
            JsonValueKind.String => Encoding.UTF8.GetBytes(body.GetString()!),
            JsonValueKind.Null => [],
            _ => Encoding.UTF8.GetBytes(body.GetRawText()),
        };
    }

    private static List<(string Name, byte[] Bytes)> Documents()
    {
        if (Repository.Corpus("jsontestsuite") is not { } folder)
        {
            Assert.Skip("The JSONTestSuite corpus is not here.");
            return [];
        }

        var documents = Directory.GetFiles(folder, "*.json").Select(static file => (Path.GetFileName(file), File.ReadAllBytes(file))).ToList();
        Assert.True(documents.Count > 300);
        return documents;
    }
}
