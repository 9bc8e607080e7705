using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Throttling;

/// <summary>The headers that tell a client how much of the nearest limit is left; on refusals too.</summary>
internal sealed class RateLimitHeaders
{
    private static readonly HeaderNames Plain = new("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset");
    private static readonly HeaderNames Prefixed = new("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset");

    private readonly HttpResponse _response;
    private readonly HeaderNames _names;
    private readonly string _limit;
    private readonly string _remaining;
    private readonly string _reset;

    private RateLimitHeaders(HttpResponse response, in ThrottlingCharge nearest)
    {
        _response = response;
        _names = nearest.Limit.Headers == ThrottlingHeaders.XRateLimit ? Prefixed : Plain;
        _limit = nearest.Allowed.ToString(CultureInfo.InvariantCulture);
        _remaining = nearest.Remaining.ToString(CultureInfo.InvariantCulture);
        _reset = Counter.DivideUp(nearest.Reset, TimeSpan.TicksPerSecond).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// Has the headers set when the answer's head is about to be sent: an error's answer starts from nothing, and a backend may send its own.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="charges">The limits of the request, settled. The one with the fewest requests left is shown, of equals the one that lasts longest.</param>
    public static void Register(HttpContext context, ReadOnlySpan<ThrottlingCharge> charges)
    {
        var nearest = -1;
        for (var i = 0; i < charges.Length; i++)
        {
            if (charges[i].Limit.Headers != ThrottlingHeaders.None && (nearest < 0 || IsNearer(charges[i], charges[nearest])))
            {
                nearest = i;
            }
        }

        if (nearest >= 0)
        {
            context.Response.OnStarting(static state => ((RateLimitHeaders)state).Write(), new RateLimitHeaders(context.Response, charges[nearest]));
        }
    }

    private static bool IsNearer(in ThrottlingCharge charge, in ThrottlingCharge other)
        => charge.Remaining < other.Remaining || (charge.Remaining == other.Remaining && charge.Reset > other.Reset);

    private Task Write()
    {
        var headers = _response.Headers;
        headers[_names.Limit] = _limit;
        headers[_names.Remaining] = _remaining;
        headers[_names.Reset] = _reset;
        return Task.CompletedTask;
    }

    private sealed record HeaderNames(string Limit, string Remaining, string Reset);
}
