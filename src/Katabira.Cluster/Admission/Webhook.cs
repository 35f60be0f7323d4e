using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Katabira.Cluster.Access;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Admission;

/// <summary>One webhook of a configuration, read once. Immutable. What cannot be used is kept with its reason, for its failure policy to decide.</summary>
internal sealed record Webhook
{
    private const int DefaultSeconds = 10;
    private const int MostSeconds = 30;

    /// <summary>E.g. <c>sidecar.mesh.example</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Where it is called, without the timeout parameter; null if that cannot be read.</summary>
    public Uri? Address { get; init; }

    /// <summary>The service behind the address; null if the address is a plain URL.</summary>
    public WebhookService? Service { get; init; }

    /// <summary>The only roots that are trusted, as PEM text; empty for the machine's own.</summary>
    public string Roots { get; init; } = "";

    public ImmutableArray<WebhookRule> Rules { get; init; } = [];

    public JsonObject? NamespaceSelector { get; init; }

    public JsonObject? ObjectSelector { get; init; }

    /// <summary>True if a failed call lets the request pass.</summary>
    public bool FailsOpen { get; init; }

    /// <summary>True if a call for a dry run leaves no trace.</summary>
    public bool IsSafeInDryRun { get; init; }

    /// <summary>True if it wants to see the object again after later webhooks changed it.</summary>
    public bool IsReinvoked { get; init; }

    public TimeSpan Timeout { get; init; }

    /// <summary>Why it cannot be called; empty if it can.</summary>
    public string Unusable { get; init; } = "";

    /// <summary>Reads a webhook; never throws.</summary>
    public static Webhook From(JsonObject json)
    {
        var client = json.Child("clientConfig");
        var service = client.Child("service") is { } reference ? WebhookService.From(reference) : null;
        var (roots, badRoots) = RootsOf(client.Text("caBundle"));
        var address = AddressOf(client.Text("url"), service, client.Child("service").Text("path"));
        return new()
        {
            Name = json.Text("name"),
            Address = address,
            Service = service,
            Roots = roots,
            Rules = [.. json.Items("rules").Select(WebhookRule.From)],
            NamespaceSelector = json.Child("namespaceSelector")?.DeepClone().AsObject(),
            ObjectSelector = json.Child("objectSelector")?.DeepClone().AsObject(),
            FailsOpen = json.Text("failurePolicy") == "Ignore",
            IsSafeInDryRun = json.Text("sideEffects") is "None" or "NoneOnDryRun",
            IsReinvoked = json.Text("reinvocationPolicy") == "IfNeeded",
            Timeout = TimeSpan.FromSeconds(Math.Clamp(json.Integer("timeoutSeconds") ?? DefaultSeconds, 1, MostSeconds)),
            Unusable = UnusableReason(json, address, badRoots),
        };
    }

    public bool Matches(AdmissionRequest request, LabelMatch match) =>
        Rules.Any(r => r.Matches(request)) && InNamespace(request, match) && OfObject(request, match);

    /// <summary>The URL of a call, as it stands in messages.</summary>
    public string CallUrl => string.Create(CultureInfo.InvariantCulture,
        $"{(Service is null ? Address?.GetLeftPart(UriPartial.Path) : $"https://{Service.Host}:{Service.Port}{Address?.AbsolutePath}")}{Query()}timeout={(int)Timeout.TotalSeconds}s");

    public override string ToString() => Name;

    private string Query() => Address is { Query.Length: > 1 } address ? address.Query + "&" : "?";

    /// <summary>A namespace is judged by its own labels; what is in no namespace is always meant.</summary>
    private bool InNamespace(AdmissionRequest request, LabelMatch match)
    {
        if (NamespaceSelector is not { Count: > 0 } selector)
        {
            return true;
        }
        var labels = request is { Group: "", Plural: "namespaces", Subresource: "" }
            ? (request.Object ?? request.OldObject).Labels()
            : request.NamespaceLabels;
        return labels is null || match(selector, labels);
    }

    /// <summary>It is enough that the object has fitted before or fits now, so that nobody slips out by taking a label off.</summary>
    private bool OfObject(AdmissionRequest request, LabelMatch match) =>
        ObjectSelector is not { Count: > 0 } selector
        || (request.Object is { } now && match(selector, now.Labels()))
        || (request.OldObject is { } before && match(selector, before.Labels()));

    private static Uri? AddressOf(string url, WebhookService? service, string path)
    {
        var text = service is null ? url : $"https://{service.Host}:{service.Port}{(path.StartsWith('/') ? path : "/" + path)}";
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps && address is { UserInfo: "", Fragment: "" }
            ? address
            : null;
    }

    private static (string Roots, bool Bad) RootsOf(string base64)
    {
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var count))
        {
            return ("", true);
        }
        var pem = System.Text.Encoding.UTF8.GetString(bytes, 0, count);
        return (pem, pem.Length > 0 && !pem.Contains("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal));
    }

    private static string UnusableReason(JsonObject json, Uri? address, bool badRoots)
    {
        if (json["matchConditions"] is JsonArray { Count: > 0 })
        {
            return "matchConditions are not supported by this cluster";
        }
        if (json["admissionReviewVersions"] is JsonArray && !json.Texts("admissionReviewVersions").Contains("v1"))
        {
            return "webhook does not accept known AdmissionReview versions (v1)";
        }
        if (badRoots)
        {
            return "could not get REST client: unable to load root certificates: unable to parse bytes as PEM block";
        }
        return address is null ? "could not get REST client: no https address in clientConfig" : "";
    }
}

/// <summary>A service that a webhook is behind.</summary>
internal sealed record WebhookService(string Namespace, string Name, int Port)
{
    /// <summary>The name that its certificate must carry.</summary>
    public string Host => $"{Name}.{Namespace}.svc";

    /// <summary>Null if a part is missing or is no name.</summary>
    public static WebhookService? From(JsonObject json)
    {
        var (ns, name, port) = (json.Text("namespace"), json.Text("name"), json.Integer("port") ?? 443);
        return IsLabel(ns) && IsLabel(name) && port is > 0 and <= 65535 ? new(ns, name, (int)port) : null;
    }

    private static bool IsLabel(string text) => text.Length is > 0 and <= 63 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
