using System.Globalization;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Resources.Kinds;

/// <summary>How pods are replaced. Pure: changes nothing.</summary>
internal static class RolloutRules
{
    /// <param name="other">The strategy besides RollingUpdate: <c>Recreate</c> or <c>OnDelete</c>.</param>
    public static void Validate(JsonObject? strategy, string path, string other, FieldIssues issues)
    {
        var type = strategy.Text("type");
        issues.OneOf($"{path}.type", type, other, "RollingUpdate");
        var rolling = strategy.Child("rollingUpdate");
        if (type == other && rolling is not null)
        {
            issues.Forbidden($"{path}.rollingUpdate", $"may not be specified when strategy `type` is '{other}'");
        }
        if (type != "RollingUpdate" || rolling is null)
        {
            return;
        }
        Amount(rolling["maxUnavailable"], $"{path}.rollingUpdate.maxUnavailable", issues);
        Amount(rolling["maxSurge"], $"{path}.rollingUpdate.maxSurge", issues);
        if (IsZero(rolling["maxUnavailable"]) && IsZero(rolling["maxSurge"]))
        {
            issues.Invalid($"{path}.rollingUpdate.maxUnavailable", rolling["maxUnavailable"], "may not be 0 when `maxSurge` is 0");
        }
        if (Percent(rolling["maxUnavailable"]) > 100)
        {
            issues.Invalid($"{path}.rollingUpdate.maxUnavailable", rolling["maxUnavailable"], "must not be greater than 100%");
        }
    }

    /// <summary>A number or a percentage, neither negative.</summary>
    public static void Amount(JsonNode? amount, string path, FieldIssues issues)
    {
        if (amount.AsInteger() is { } number)
        {
            issues.NotNegative(path, number);
        }
        else if (amount.AsText() is { } text && Percent(amount) is null)
        {
            issues.Invalid(
                path,
                text,
                "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')");
        }
    }

    private static bool IsZero(JsonNode? amount) => amount.AsInteger() == 0 || Percent(amount) == 0;

    private static long? Percent(JsonNode? amount) =>
        amount.AsText() is [.. var digits, '%'] && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
