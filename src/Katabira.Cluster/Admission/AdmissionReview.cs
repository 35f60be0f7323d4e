using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Katabira.Cluster.Access;
using Katabira.Cluster.Api;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Admission;

/// <summary>What is sent to a webhook, and what its answer means. Pure.</summary>
internal static class AdmissionReview
{
    private const string ApiVersion = "admission.k8s.io/v1";
    private const string Kind = "AdmissionReview";
    private const int DeepestJson = 64;

    /// <summary>The body of a call.</summary>
    /// <param name="request">The write.</param>
    /// <param name="current">The object as the webhooks before have left it; null for a delete.</param>
    /// <param name="uid">Names this call; the answer repeats it.</param>
    public static JsonObject ToJson(AdmissionRequest request, JsonObject? current, string uid)
    {
        var inner = new JsonObject
        {
            ["uid"] = uid,
            ["kind"] = KindOf(request),
            ["resource"] = ResourceOf(request),
        };
        SetSubresource(inner, "subResource", request);
        inner["requestKind"] = KindOf(request);
        inner["requestResource"] = ResourceOf(request);
        SetSubresource(inner, "requestSubResource", request);
        inner["name"] = request.Name;
        inner["namespace"] = request.Namespace;
        inner["operation"] = request.Operation;
        inner["userInfo"] = request.User.ToJson();
        inner["object"] = current?.DeepClone();
        inner["oldObject"] = request.OldObject?.DeepClone();
        inner["dryRun"] = request.DryRun;
        inner["options"] = request.Options?.DeepClone();
        return new() { ["kind"] = Kind, ["apiVersion"] = ApiVersion, ["request"] = inner };
    }

    /// <summary>Reads an answer.</summary>
    /// <param name="body">What the webhook sent, already bounded in size.</param>
    /// <param name="uid">The call's uid.</param>
    /// <param name="mutating">Whether a patch may be in it.</param>
    public static AdmissionAnswer Read(ReadOnlySpan<byte> body, string uid, bool mutating)
    {
        if (HostileJson.Parse(body, DeepestJson) is not JsonObject review)
        {
            return AdmissionAnswer.Failed("the answer is not a JSON object");
        }
        if (review.Text("apiVersion") != ApiVersion || review.Text("kind") != Kind)
        {
            var got = $"{Short(review.Text("apiVersion"))}, Kind={Short(review.Text("kind"))}";
            return AdmissionAnswer.Failed($"expected webhook response of {ApiVersion}, Kind={Kind}, got {got}");
        }
        if (review.Child("response") is not { } response)
        {
            return AdmissionAnswer.Failed("webhook response was absent");
        }
        return response.Text("uid") == uid
            ? Read(response, mutating)
            : AdmissionAnswer.Failed($"expected response.uid={GoQuoted.Text(uid)}, got {GoQuoted.Text(Short(response.Text("uid")))}");
    }

    /// <summary>The refusal that a webhook asked for.</summary>
    public static ApiFailure Denied(string webhook, JsonObject? status)
    {
        var code = status.Integer("code") is >= 400 and <= 599 and var wanted ? (int)wanted : 400;
        var (message, reason) = (status.Text("message"), status.Text("reason"));
        var why = (message.Length, reason.Length) switch
        {
            ( > 0, _) => $": {message}",
            (_, > 0) => $": {reason}",
            _ => " without explanation",
        };
        return new(code, reason, $"admission webhook {GoQuoted.Text(webhook)} denied the request{why}");
    }

    private static AdmissionAnswer Read(JsonObject response, bool mutating)
    {
        var (type, patch) = (response.Text("patchType"), response.Text("patch"));
        if (!mutating && patch.Length > 0)
        {
            return AdmissionAnswer.Failed("validating webhook may not return response.patch");
        }
        if (!mutating && type.Length > 0)
        {
            return AdmissionAnswer.Failed("validating webhook may not return response.patchType");
        }
        if (patch.Length > 0 && type.Length == 0)
        {
            return AdmissionAnswer.Failed("webhook returned response.patch but not response.patchType");
        }
        if (patch.Length == 0 && type.Length > 0)
        {
            return AdmissionAnswer.Failed("webhook returned response.patchType but not response.patch");
        }
        if (type is not ("" or "JSONPatch"))
        {
            return AdmissionAnswer.Failed($"webhook returned invalid response.patchType of {GoQuoted.Text(Short(type))}");
        }
        var warnings = response.Texts("warnings");
        return response.Flag("allowed")
            ? new AdmissionAnswer { Allowed = true, Warnings = warnings, Patch = patch }
            : new AdmissionAnswer { Status = response.Child("status"), Warnings = warnings };
    }

    /// <summary>The operations of a patch; null if it is none.</summary>
    public static JsonArray? ReadPatch(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var count) ? HostileJson.Parse(bytes.AsSpan(0, count), DeepestJson) as JsonArray : null;
    }

    private static JsonObject KindOf(AdmissionRequest request) =>
        new() { ["group"] = request.Group, ["version"] = request.Version, ["kind"] = request.Kind };

    private static JsonObject ResourceOf(AdmissionRequest request) =>
        new() { ["group"] = request.Group, ["version"] = request.Version, ["resource"] = request.Plural };

    private static void SetSubresource(JsonObject json, string name, AdmissionRequest request)
    {
        if (request.Subresource.Length > 0)
        {
            json[name] = request.Subresource;
        }
    }

    private static string Short(string text) => text.Length <= 128 ? text : text[..128];
}

/// <summary>What a webhook said: allowed, perhaps with a patch; denied, with a status; or nothing that makes sense.</summary>
internal sealed record AdmissionAnswer
{
    public bool Allowed { get; init; }

    /// <summary>Base64 of a JSON patch; empty for none.</summary>
    public string Patch { get; init; } = "";

    /// <summary>Why it denied; null if it did not say.</summary>
    public JsonObject? Status { get; init; }

    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>What is wrong with the answer; empty if it could be read.</summary>
    public string Error { get; init; } = "";

    public static AdmissionAnswer Failed(string error) => new() { Error = $"received invalid webhook response: {error}" };
}
