using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Gateway.Contracts;
using Gateway.Policies.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Policies.Tests.Authentication;

/// <summary>What a test asks of <see cref="HoldingServer"/>.</summary>
internal sealed record Holding
{
    public long MemoryLimit { get; init; } = 100_000;

    public long Limit { get; init; } = 10_000_000;

    /// <summary>What all bodies may have in memory.</summary>
    public long TotalMemory { get; init; } = 100_000_000;

    /// <summary>The clock of the deadline, which is 60 seconds.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where files shall go; null for a folder of the server's own, which must be empty in the end.</summary>
    public string? Folder { get; init; }

    /// <summary>The largest body that the server itself takes; null for its default.</summary>
    public long? ServerLimit { get; init; }

    /// <summary>Slowest sender that the server bears, in bytes a second; null for its default.</summary>
    public MinDataRate? Slowest { get; init; }

    /// <summary>Where a held request goes; null answers its body.</summary>
    public string? Backend { get; init; }

    /// <summary>True to read what is held through the body's pipe, as event functions do.</summary>
    public bool ReadsPipe { get; init; }
}

/// <summary>A real server that holds each body and then answers it, or forwards the request as web functions are called.</summary>
internal sealed class HoldingServer : IAsyncDisposable, ILoggerProvider, ILogger
{
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
    private readonly Holding _holding;
    private readonly WebApplication _app;

    private HoldingServer(Holding holding)
    {
        _holding = holding;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Limits.MinRequestBodyDataRate = holding.Slowest ?? kestrel.Limits.MinRequestBodyDataRate;
        });
        builder.Logging.ClearProviders().AddProvider(this).SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddHttpForwarder();
        _app = builder.Build();
        _app.Run(HandleAsync);
    }

    /// <summary>What the held bodies take.</summary>
    public HeldMemory Memory { get; } = new();

    /// <summary>The folder of the files.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("gateway-bodies").FullName;

    /// <summary>Everything logged as a warning or worse.</summary>
    public ConcurrentQueue<string> Lines { get; } = [];

    /// <summary>How the first request ended, once its response is done. Its body is null when it was refused.</summary>
    public TaskCompletionSource<(HeldBody? Body, Stream Stream, int Status, GatewayError? Failure)> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the first request's handler knows of it.</summary>
    public GatewayFeature? Gateway { get; private set; }

    /// <summary>Completed when the first request has arrived.</summary>
    public TaskCompletionSource Arrived { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Uri Address => new(_app.Urls.First());

    public Uri Http2Address => new(_app.Urls.Last());

    public static async Task<HoldingServer> StartAsync(Holding? holding = null)
    {
        var server = new HoldingServer(holding ?? new Holding());
        await server._app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _client.Dispose();
        Assert.Empty(Directory.GetFiles(Folder)); // Whatever happened, no file is left.
        Directory.Delete(Folder);
    }

    private async Task HandleAsync(HttpContext context)
    {
        var gateway = new GatewayFeature { RequestId = "REQUEST-1" };
        context.Features.Set(gateway);
        Gateway ??= gateway;
        Arrived.TrySetResult();
        HeldBody? held = null;
        context.Response.OnCompleted(() =>
        {
            Done.TrySetResult((held, context.Request.Body, context.Response.StatusCode, gateway.Failure));
            return Task.CompletedTask;
        });
        if (_holding.ServerLimit is { } serverLimit)
        {
            context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = serverLimit;
        }

        held = await HeldBody.HoldAsync(
            context,
            new HeldBodyRules
            {
                MemoryLimit = _holding.MemoryLimit,
                Limit = _holding.Limit,
                TotalMemory = _holding.TotalMemory,
                Deadline = TimeSpan.FromSeconds(60),
                Folder = _holding.Folder ?? Folder,
                WithMd5 = true,
            },
            Memory,
            _holding.Time);
        if (held is null)
        {
            await context.Response.WriteAsync(gateway.Failure?.Code ?? "");
            return;
        }

        var md5 = new byte[16];
        held.WriteMd5(md5);
        context.Response.Headers["X-Held"] = $"{(held.IsInMemory ? "memory" : "file")} {held.Length} {Convert.ToHexString(md5)}";
        if (_holding.Backend is not null)
        {
            var forwarder = context.RequestServices.GetRequiredService<IHttpForwarder>();
            await forwarder.SendAsync(context, _holding.Backend, _client, ForwarderRequestConfig.Empty);
            return;
        }

        if (held.IsInMemory)
        {
            Assert.Equal(MD5.HashData(held.Bytes.Span), md5);
        }

        await context.Response.Body.WriteAsync(await ReadAsync(context));
    }

    private async Task<byte[]> ReadAsync(HttpContext context)
    {
        using var copy = new MemoryStream();
        if (!_holding.ReadsPipe)
        {
            await context.Request.Body.CopyToAsync(copy);
            return copy.ToArray();
        }

        await context.Request.BodyReader.CopyToAsync(copy);
        return copy.ToArray();
    }

    ILogger ILoggerProvider.CreateLogger(string categoryName) => this;

    void IDisposable.Dispose()
    {
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        => Lines.Enqueue($"{logLevel} {eventId.Id} {formatter(state, exception)} {exception}");
}
