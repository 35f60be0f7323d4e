using System.Text.Json.Nodes;
using Katabira.Cluster.Access;
using Katabira.Cluster.Api;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Admission;

/// <summary>Applies a JSON patch (RFC 6902): the patched object, or what is wrong. The object is not changed.</summary>
internal delegate (JsonObject? Patched, string Error) ApplyPatch(JsonObject target, JsonArray patch);

/// <summary>
/// Shows a write to the webhooks that want to see it.
/// Mutating: one after the other, each with what those before have made of the object; then once more those that asked for it and whose object was
/// changed after them. Validating: all at once. Thread-safe.
/// </summary>
/// <param name="client">Calls them.</param>
/// <param name="match">Reads label selectors.</param>
/// <param name="applyPatch">Applies patches.</param>
/// <param name="newUid">Names each call.</param>
internal sealed class WebhookAdmission(WebhookClient client, LabelMatch match, ApplyPatch applyPatch, Func<string> newUid)
{
    /// <summary>Asks the mutating webhooks.</summary>
    /// <param name="model">The webhooks of now.</param>
    /// <param name="request">The write; its object is not changed.</param>
    /// <param name="setDefaults">Fills in what a patch has left out; it may change the object it is given.</param>
    public async Task<AdmissionOutcome> MutateAsync(WebhookModel model, AdmissionRequest request, Action<JsonObject> setDefaults, CancellationToken cancel)
    {
        var warnings = new AdmissionWarnings();
        var current = request.Object;
        var seen = new List<Webhook>();
        var again = new HashSet<Webhook>(ReferenceEqualityComparer.Instance);
        foreach (var webhook in model.Mutating)
        {
            // the selectors look at the object as it is now
            if (!WebhookModel.Matching([webhook], request with { Object = current }, match).Any())
            {
                continue;
            }
            var (failure, next) = await MutateOnceAsync(webhook, request, current, setDefaults, warnings, cancel);
            if (failure is not null)
            {
                return new(failure, null, warnings.All);
            }
            if (!ReferenceEquals(next, current))
            {
                again.UnionWith(seen.Where(s => s.IsReinvoked));
                current = next;
            }
            seen.Add(webhook);
        }
        foreach (var webhook in seen.Where(again.Contains))
        {
            var (failure, next) = await MutateOnceAsync(webhook, request, current, setDefaults, warnings, cancel);
            if (failure is not null)
            {
                return new(failure, null, warnings.All);
            }
            current = next;
        }
        return new(null, current, warnings.All);
    }

    /// <summary>Asks the validating webhooks. If several refuse, the first in order is the answer.</summary>
    public async Task<AdmissionOutcome> ValidateAsync(WebhookModel model, AdmissionRequest request, CancellationToken cancel)
    {
        Webhook[] asked = [.. WebhookModel.Matching(model.Validating, request, match)];
        if (asked.Length == 0)
        {
            return new(null, request.Object, []);
        }
        var answers = await Task.WhenAll(asked.Select(w => AskAsync(w, request, request.Object, mutating: false, cancel)));
        var warnings = new AdmissionWarnings();
        foreach (var (_, answer) in answers)
        {
            warnings.Add(answer.Warnings);
        }
        var failure = answers.Select(a => a.Failure).FirstOrDefault(f => f is not null);
        return new(failure, failure is null ? request.Object : null, warnings.All);
    }

    /// <summary>One webhook's turn: the same object if it changed nothing.</summary>
    private async Task<(ApiFailure? Failure, JsonObject? Object)> MutateOnceAsync(Webhook webhook, AdmissionRequest request, JsonObject? current,
        Action<JsonObject> setDefaults, AdmissionWarnings warnings, CancellationToken cancel)
    {
        var (failure, answer) = await AskAsync(webhook, request, current, mutating: true, cancel);
        warnings.Add(answer.Warnings);
        if (failure is not null || answer.Patch.Length == 0)
        {
            return (failure, current);
        }
        // unlike a failed call, a patch that does not fit is never passed over
        if (AdmissionReview.ReadPatch(answer.Patch) is not { } patch)
        {
            return (ApiFailure.Internal($"admission webhook {GoQuoted.Text(webhook.Name)} returned a patch that is not a JSON patch"), null);
        }
        if (patch.Count == 0)
        {
            return (null, current);
        }
        if (current is null)
        {
            return (ApiFailure.Internal(
                $"admission webhook {GoQuoted.Text(webhook.Name)} attempted to modify the object, which is not supported for this operation"), null);
        }
        var (patched, error) = applyPatch(current, patch);
        if (patched is null)
        {
            return (ApiFailure.Internal(error), null);
        }
        setDefaults(patched);
        if (Moved(current, patched) is { } field)
        {
            return (ApiFailure.Internal($"admission webhook {GoQuoted.Text(webhook.Name)} changed {field}, which names the object"), null);
        }
        return (null, JsonNode.DeepEquals(current, patched) ? current : patched);
    }

    private async Task<(ApiFailure? Failure, AdmissionAnswer Answer)> AskAsync(Webhook webhook, AdmissionRequest request, JsonObject? current,
        bool mutating, CancellationToken cancel)
    {
        if (request.DryRun && !webhook.IsSafeInDryRun)
        {
            return (ApiFailure.BadRequest($"admission webhook {GoQuoted.Text(webhook.Name)} does not support dry run"), new());
        }
        var answer = webhook.Unusable.Length > 0
            ? new AdmissionAnswer { Error = webhook.Unusable }
            : await client.CallAsync(webhook, AdmissionReview.ToJson(request, current, newUid()), mutating, cancel);
        if (answer.Error.Length > 0)
        {
            var failed = ApiFailure.Internal($"failed calling webhook {GoQuoted.Text(webhook.Name)}: {answer.Error}");
            return (webhook.FailsOpen ? null : failed, new());
        }
        return (answer.Allowed ? null : AdmissionReview.Denied(webhook.Name, answer.Status), answer);
    }

    /// <summary>The caller was allowed to write this object, not whatever a webhook makes of its name.</summary>
    private static string? Moved(JsonObject before, JsonObject after)
    {
        if (before.Text("kind") != after.Text("kind") || before.Text("apiVersion") != after.Text("apiVersion"))
        {
            return "the kind";
        }
        if (before.NamespaceOf() != after.NamespaceOf())
        {
            return "metadata.namespace";
        }
        return before.NameOf() != after.NameOf() ? "metadata.name" : null;
    }
}
