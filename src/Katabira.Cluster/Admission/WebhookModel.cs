using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Katabira.Cluster.Access;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Admission;

/// <summary>All webhooks, in the order they are called: by the name of their configuration, then as written in it. Immutable; a change is a new model.</summary>
internal sealed record WebhookModel(ImmutableArray<Webhook> Mutating, ImmutableArray<Webhook> Validating)
{
    private const string Group = "admissionregistration.k8s.io";

    public static WebhookModel Empty { get; } = new([], []);

    /// <summary>Compiles the configurations; one that cannot be read does no harm to the others.</summary>
    /// <param name="mutating">MutatingWebhookConfiguration objects.</param>
    /// <param name="validating">ValidatingWebhookConfiguration objects.</param>
    public static WebhookModel Build(IEnumerable<JsonObject> mutating, IEnumerable<JsonObject> validating) => new(Compile(mutating), Compile(validating));

    /// <summary>The webhooks that want to see a request. Webhook configurations themselves are shown to none: a broken webhook could not be removed.</summary>
    public static IEnumerable<Webhook> Matching(ImmutableArray<Webhook> webhooks, AdmissionRequest request, LabelMatch match) =>
        request is { Group: Group, Plural: "mutatingwebhookconfigurations" or "validatingwebhookconfigurations" }
            ? []
            : webhooks.Where(w => w.Matches(request, match));

    private static ImmutableArray<Webhook> Compile(IEnumerable<JsonObject> configurations) =>
        [.. configurations.OrderBy(c => c.NameOf(), StringComparer.Ordinal).SelectMany(c => c.Items("webhooks")).Select(Webhook.From)];
}
