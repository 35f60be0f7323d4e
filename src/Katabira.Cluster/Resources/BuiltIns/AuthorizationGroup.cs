using System.Collections.Immutable;
using static Katabira.Cluster.Resources.BuiltIns.BuiltInVersion;

namespace Katabira.Cluster.Resources.BuiltIns;

/// <summary><c>/apis/authorization.k8s.io/v1</c>: what they may do.</summary>
internal static class AuthorizationGroup
{
    private const string Group = "authorization.k8s.io";

    public static ImmutableArray<ResourceType> Types { get; } =
    [
        Review(Group, "LocalSubjectAccessReview", "localsubjectaccessreviews", namespaced: true),
        Review(Group, "SelfSubjectAccessReview", "selfsubjectaccessreviews"),
        Review(Group, "SelfSubjectRulesReview", "selfsubjectrulesreviews"),
        Review(Group, "SubjectAccessReview", "subjectaccessreviews"),
    ];
}
