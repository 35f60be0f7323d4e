using System.Text.Json.Nodes;

namespace Katabira.Cluster.Node.Volumes;

/// <summary>The tokens of one pod, each kept until it is time for the next. Not thread-safe.</summary>
internal sealed class TokenSlots(IssueToken issue, TimeProvider time)
{
    /// <summary>The part of its life after which a token is replaced, as kubelets do it.</summary>
    private const double Part = 0.8;

    private static readonly TimeSpan s_oldest = TimeSpan.FromHours(24);

    private readonly Dictionary<(string Audience, long Seconds), Slot> _slots = [];

    /// <summary>Whether a token is replaced now. One that cannot be replaced goes on for the rest of its life.</summary>
    public static bool NeedsNext(DateTimeOffset issued, DateTimeOffset expires, DateTimeOffset now) =>
        now >= issued + ((expires - issued) * Part) || now - issued > s_oldest;

    public (string? Token, string Error) Get(JsonObject pod, string audience, long seconds)
    {
        var now = time.GetUtcNow();
        var kept = _slots.GetValueOrDefault((audience, seconds));
        if (kept is not null && !NeedsNext(kept.Issued, kept.Expires, now))
        {
            return (kept.Token, "");
        }
        var (token, expires, error) = issue(pod, audience, seconds);
        if (token is not null)
        {
            _slots[(audience, seconds)] = new(token, now, expires);
            return (token, "");
        }
        return kept is not null && kept.Expires > now ? (kept.Token, "") : (null, error);
    }

    private sealed record Slot(string Token, DateTimeOffset Issued, DateTimeOffset Expires);
}
