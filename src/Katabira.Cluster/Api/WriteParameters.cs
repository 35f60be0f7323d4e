using System.Text.Json.Nodes;
using Katabira.Cluster.Objects;
using Katabira.Cluster.Patching.Ownership;

namespace Katabira.Cluster.Api;

/// <summary>The query parameters of a write, read and found to make sense.</summary>
/// <param name="Manager">Under which name the client owns fields.</param>
/// <param name="IsDryRun">Do everything but store.</param>
/// <param name="Validation">What becomes of unknown fields.</param>
/// <param name="Force">An apply takes what others own.</param>
/// <param name="Options">The same as the object that webhooks see.</param>
internal sealed record WriteParameters(string Manager, bool IsDryRun, FieldValidation Validation, bool Force, JsonObject Options)
{
    /// <param name="kind">The kind of the options: <c>CreateOptions</c>, <c>UpdateOptions</c>, <c>PatchOptions</c>.</param>
    /// <param name="isApply">The manager must be named.</param>
    /// <exception cref="ApiException">They make no sense.</exception>
    public static WriteParameters Read(ApiCall call, string kind, bool isApply = false)
    {
        var manager = call.Query("fieldManager");
        if (FieldManagerName.Check(manager, kind, isApply) is { } refused)
        {
            throw new ApiException(PatchFailures.Of(refused, "meta.k8s.io", kind, ""));
        }
        var (dryRun, validation, force) = (call.Query("dryRun") ?? "", call.Query("fieldValidation") ?? "", QueryText.IsTrue(call.Query("force")));
        var causes = new List<StatusCause>();
        if (dryRun is not ("" or "All"))
        {
            causes.Add(NotSupported("dryRun", dryRun, "\"All\""));
        }
        if (validation is not ("" or "Ignore" or "Strict" or "Warn"))
        {
            causes.Add(NotSupported("fieldValidation", validation, "\"Ignore\", \"Strict\", \"Warn\""));
        }
        if (force && kind == "PatchOptions" && !isApply)
        {
            causes.Add(new("FieldValueForbidden", "Forbidden: may not be specified for non-apply patch", "force"));
        }
        if (causes.Count > 0)
        {
            throw new ApiException(ApiFailure.Invalid("meta.k8s.io", kind, "", [.. causes]));
        }
        var options = new JsonObject { ["kind"] = kind, ["apiVersion"] = "meta.k8s.io/v1" };
        if (dryRun.Length > 0)
        {
            options["dryRun"] = new JsonArray(dryRun);
        }
        ApiFailure.Set(options, "fieldManager", manager ?? "");
        ApiFailure.Set(options, "fieldValidation", validation);
        return new(FieldManagerName.Of(manager, call.UserAgent), dryRun.Length > 0, validation switch
        {
            "Strict" => FieldValidation.Strict,
            "Ignore" => FieldValidation.Ignore,
            _ => FieldValidation.Warn,
        }, force, options);
    }

    /// <summary>The write that a request asks for.</summary>
    public WriteRequest For(ApiCall call, ObjectForm form, string ns, string name, string subresource = "") => new(call.User, form, ns)
    {
        Name = name,
        Subresource = subresource,
        Manager = Manager,
        Validation = Validation,
        IsDryRun = IsDryRun,
        Options = Options,
    };

    private static StatusCause NotSupported(string field, string value, string supported) =>
        new("FieldValueNotSupported", $"Unsupported value: \"{(value.Length <= 64 ? value : value[..64])}\": supported values: {supported}", field);
}
