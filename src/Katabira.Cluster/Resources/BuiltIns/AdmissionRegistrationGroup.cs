using System.Collections.Immutable;
using static Katabira.Cluster.Resources.BuiltIns.BuiltInVersion;

namespace Katabira.Cluster.Resources.BuiltIns;

/// <summary><c>/apis/admissionregistration.k8s.io/v1</c>.</summary>
internal static class AdmissionRegistrationGroup
{
    private const string Group = "admissionregistration.k8s.io";

    public static ImmutableArray<ResourceType> Types { get; } =
    [
        new()
        {
            Group = Group, Kind = "MutatingWebhookConfiguration", Plural = "mutatingwebhookconfigurations",
            Categories = ["api-extensions"], Namespaced = false, HasGeneration = true, Versions = V1(),
        },
        new()
        {
            Group = Group, Kind = "ValidatingWebhookConfiguration", Plural = "validatingwebhookconfigurations",
            Categories = ["api-extensions"], Namespaced = false, HasGeneration = true, Versions = V1(),
        },
    ];
}
