using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Access;

/// <summary>Who asks. Immutable; holds no secret.</summary>
/// <param name="Name">E.g. <c>system:serviceaccount:shop:cart</c>.</param>
/// <param name="Groups">All groups, with the ones every caller is in.</param>
internal sealed record UserInfo(string Name, ImmutableArray<string> Groups)
{
    /// <summary>Members may do everything; no rule is asked.</summary>
    public const string Masters = "system:masters";

    public const string Authenticated = "system:authenticated";
    public const string Unauthenticated = "system:unauthenticated";
    public const string ServiceAccounts = "system:serviceaccounts";

    /// <summary>Who brings no credentials.</summary>
    public static UserInfo Anonymous { get; } = new("system:anonymous", [Unauthenticated]);

    /// <summary>Identifies the user over time; empty where nothing does.</summary>
    public string Uid { get; init; } = "";

    /// <summary>More about the credentials, e.g. the pod that a token is bound to.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> Extra { get; init; } = ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty;

    public bool IsMaster => Groups.Contains(Masters);

    /// <summary>A service account: its user name and groups follow from where it is.</summary>
    public static UserInfo ServiceAccount(string ns, string name, string uid) =>
        new(ServiceAccountName(ns, name), [ServiceAccounts, $"{ServiceAccounts}:{ns}", Authenticated]) { Uid = uid };

    public static string ServiceAccountName(string ns, string name) => $"system:serviceaccount:{ns}:{name}";

    /// <summary>As in a TokenReview and in a request to a webhook.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["username"] = Name };
        if (Uid.Length > 0)
        {
            json["uid"] = Uid;
        }
        json["groups"] = Groups.ToJson();
        if (!Extra.IsEmpty)
        {
            json["extra"] = new JsonObject(Extra.Select(e => KeyValuePair.Create<string, JsonNode?>(e.Key, e.Value.ToJson())));
        }
        return json;
    }

    public bool Equals(UserInfo? other) =>
        other is not null && Name == other.Name && Uid == other.Uid && Groups.AsSpan().SequenceEqual(other.Groups.AsSpan())
        && Extra.Count == other.Extra.Count
        && Extra.All(e => other.Extra.TryGetValue(e.Key, out var values) && e.Value.AsSpan().SequenceEqual(values.AsSpan()));

    public override int GetHashCode() => HashCode.Combine(Name, Uid, Groups.Length, Extra.Count);

    public override string ToString() => $"{Name} {GoQuoted.List(Groups)}";
}
