using System.Collections.Immutable;
using static Katabira.Cluster.Resources.BuiltIns.BuiltInVersion;

namespace Katabira.Cluster.Resources.BuiltIns;

/// <summary><c>/apis/authentication.k8s.io/v1</c>: who is asking.</summary>
internal static class AuthenticationGroup
{
    private const string Group = "authentication.k8s.io";

    public static ImmutableArray<ResourceType> Types { get; } =
    [
        Review(Group, "SelfSubjectReview", "selfsubjectreviews"),
        Review(Group, "TokenReview", "tokenreviews"),
    ];
}
