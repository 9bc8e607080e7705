using Gateway.Backends.Health;
using Gateway.Backends.Http;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Hedging;
using Polly.Retry;
using Yarp.ReverseProxy.Model;

namespace Gateway.Backends.Resilience;

/// <summary>Sends a call again where its backend's options say so: retries around hedging, on Polly. Requests without a call pass.</summary>
/// <remarks>
/// Inside the deadline of an event call and YARP's watch over silence, both of which end it whatever tries are left; outside the
/// signatures, so that each try is signed anew.
/// </remarks>
internal sealed class AttemptsHandler : DelegatingHandler
{
    private static readonly HttpRequestOptionsKey<DestinationState> Address = new("gateway.address");

    private readonly AttemptRules _rules;
    private readonly AddressHealth _health;
    private readonly BackendMetrics _metrics;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline<HttpResponseMessage> _retry;
    private readonly ResiliencePipeline<HttpResponseMessage>? _hedging;

    /// <param name="options">The backend's options.</param>
    /// <param name="health">Told of addresses that failed.</param>
    /// <param name="time">The clock of the delays.</param>
    /// <param name="metrics">Counts each retry.</param>
    /// <param name="logger">Takes each retry.</param>
    public AttemptsHandler(FunctionOptions options, AddressHealth health, TimeProvider time, BackendMetrics metrics, ILogger logger)
    {
        _rules = new AttemptRules(options);
        _health = health;
        _metrics = metrics;
        _logger = logger;
        _retry = AddRetry(new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }, options.Retry).Build();
        _hedging = options.Hedging is not { } hedging ? null
            : AddRetry(new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }, options.Retry)
                .AddHedging(new HedgingStrategyOptions<HttpResponseMessage>
                {
                    Delay = hedging.Delay,
                    MaxHedgedAttempts = hedging.Attempts,
                    ShouldHandle = static arguments => new(IsNoAnswer(arguments.Outcome.Exception) && !arguments.Context.CancellationToken.IsCancellationRequested),
                })
                .Build();
    }

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        => request.Options.TryGetValue(BackendCall.Key, out var call)
            ? SendCallAsync(request, call, cancellationToken)
            : base.SendAsync(request, cancellationToken);

    private async Task<HttpResponseMessage> SendCallAsync(HttpRequestMessage request, BackendCall call, CancellationToken cancellationToken)
    {
        if (call.HeldBody is { } body)
        {
            request.Content = new HeldContent(body, request.Content);
        }

        if (_rules.AttemptTimeout(call) is { } timeout)
        {
            request.Options.Set(AnswerTimeoutHandler.Timeout, timeout);
        }

        var isHedged = _hedging is not null && AttemptRules.MayHedge(call);
        var sending = new Sending(this, call, request, request.RequestUri!, isHedged);
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(BackendCall.Property, call);
        try
        {
            var answer = await (isHedged ? _hedging! : _retry).ExecuteAsync(
                static (context, sending) => new ValueTask<HttpResponseMessage>(sending.Handler.SendOnceAsync(sending, context.CancellationToken)), context, sending);
            if (answer.RequestMessage is { } sent && sent.Options.TryGetValue(Address, out var address))
            {
                call.Settle(address);
            }

            return answer;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(Sending sending, CancellationToken cancellationToken)
    {
        var call = sending.Call;
        var address = call.NextAddress();
        var request = sending.IsHedged ? SentRequest.Copy(sending.Request) : sending.Request;
        request.RequestUri = sending.UriAt(address);
        request.Options.Set(Address, address);
        call.IsFailureNoted = false;
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (Exception exception) when (AttemptRules.IsOfAddress(call, exception) && !cancellationToken.IsCancellationRequested)
        {
            call.IsFailureNoted = true;
            _health.Failed(call.Cluster, address);
            throw;
        }
    }

    private ResiliencePipelineBuilder<HttpResponseMessage> AddRetry(ResiliencePipelineBuilder<HttpResponseMessage> builder, RetryOptions? retry)
        => _rules.Retries == 0 ? builder : builder.AddRetry(new RetryStrategyOptions<HttpResponseMessage>
        {
            MaxRetryAttempts = _rules.Retries,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = retry?.Delay ?? TimeSpan.Zero,
            MaxDelay = retry?.MaxDelay,
            DelayGenerator = static arguments => new(IsOtherAddressAtOnce(arguments) ? TimeSpan.Zero : null),
            ShouldHandle = ShouldRetry,
            OnRetry = NoteRetry,
        });

    private ValueTask<bool> ShouldRetry(RetryPredicateArguments<HttpResponseMessage> arguments)
        => new(!arguments.Context.CancellationToken.IsCancellationRequested
            && _rules.ShouldRetry(Call(arguments.Context), arguments.Outcome.Exception, arguments.Outcome.Result));

    private static bool IsOtherAddressAtOnce(RetryDelayGeneratorArguments<HttpResponseMessage> arguments)
        => SendFailure.IsNeverSent(arguments.Outcome.Exception) && Call(arguments.Context).HasOtherAddress;

    private static bool IsNoAnswer(Exception? exception)
        => exception is not null && (SendFailure.IsNeverSent(exception) || SendFailure.IsBroken(exception) || SendFailure.IsTimeout(exception));

    private ValueTask NoteRetry(OnRetryArguments<HttpResponseMessage> arguments)
    {
        var http = Call(arguments.Context).Http;
        _metrics.CallRetried(BackendName.Of(http));
        http.Gateway().BackendSpan?.SetTag("http.request.resend_count", arguments.AttemptNumber + 1);
        _logger.CallRetried(
            http.GetEndpoint()?.DisplayName,
            http.Gateway().RequestId,
            arguments.AttemptNumber + 1,
            arguments.Outcome.Exception?.GetType().Name ?? arguments.Outcome.Result!.StatusCode.ToString());
        return default;
    }

    private static BackendCall Call(ResilienceContext context) => context.Properties.GetValue(BackendCall.Property, null!);

    /// <summary>A call on its way: what all its sends share.</summary>
    private sealed record Sending(AttemptsHandler Handler, BackendCall Call, HttpRequestMessage Request, Uri FirstUri, bool IsHedged)
    {
        private readonly string _prefix = Call.Http.GetReverseProxyFeature().ProxiedDestination!.Model.Config.Address;

        /// <summary>The request's target at an address; the first address has it already.</summary>
        public Uri UriAt(DestinationState address)
            => address.Model.Config.Address is var prefix && ReferenceEquals(prefix, _prefix)
                ? FirstUri
                : SentRequest.MoveUri(FirstUri, _prefix, prefix);
    }
}
