namespace Katabira.Model.Validation;

/// <summary>Checks of single fields that mean the same wherever they stand. A value that is not there is not wrong.</summary>
internal static class FieldRules
{
    /// <summary>The rule of the API server for a length of time, to be written on its property.</summary>
    public const string DurationRule = "duration('1ms') <= duration(self)";

    public const string DurationMessage = "must be a valid duration greater than 1ms";

    private const string NotDnsLabel = "must be a DNS label: letters, digits and inner hyphens, at most 63";

    /// <summary>A length of time of at least a millisecond, and a multiple of <paramref name="precision"/>, which is a millisecond unless said otherwise.</summary>
    public static void Duration(string? text, string path, Findings findings, TimeSpan? precision = null)
    {
        if (text is null)
        {
            return;
        }
        var step = precision ?? TimeSpan.FromMilliseconds(1);
        if (!Syntax.TryParseDuration(text, out var duration) || duration < TimeSpan.FromMilliseconds(1))
        {
            findings.Invalid(path, text, DurationMessage);
        }
        else if (duration.Ticks % step.Ticks != 0)
        {
            findings.Invalid(path, text, step == TimeSpan.FromSeconds(1) ? "only durations to seconds precision are supported" : "only durations to ms precision are supported");
        }
    }

    /// <summary>A port that a connection can have.</summary>
    public static void Port(long number, string path, Findings findings)
    {
        if (!Syntax.IsPort(number))
        {
            findings.Invalid(path, number, "port must be between 1-65535");
        }
    }

    /// <summary>A status that a response can have: informational ones are not the end of a request.</summary>
    public static void HttpStatus(long status, string path, Findings findings)
    {
        if (status is < 200 or > 599)
        {
            findings.Invalid(path, status, "HTTP status must be in range 200-599");
        }
    }

    /// <summary>The name of a namespace; empty is as good as left out.</summary>
    public static void Namespace(string? name, string path, Findings findings)
    {
        if (!string.IsNullOrEmpty(name) && !Syntax.IsDnsLabel(name))
        {
            findings.Invalid(path, name, NotDnsLabel);
        }
    }

    /// <summary>Addresses and networks.</summary>
    public static void Networks(IReadOnlyList<string>? networks, string path, Findings findings)
    {
        for (var i = 0; i < (networks?.Count ?? 0); i++)
        {
            Network(networks![i], $"{path}[{i}]", findings);
        }
    }

    /// <summary>An address or a network; empty is as good as left out.</summary>
    public static void Network(string? network, string path, Findings findings)
    {
        if (!string.IsNullOrEmpty(network) && !Syntax.IsAddressOrNetwork(network))
        {
            findings.Invalid(path, network, "must be an IP address, or one with a prefix length");
        }
    }

    /// <summary>Labels that a Kubernetes object can carry.</summary>
    public static void Labels(IReadOnlyDictionary<string, string>? labels, string path, Findings findings)
    {
        if (labels is null)
        {
            return;
        }
        foreach (var (key, value) in labels)
        {
            if (!LabelSyntax.IsKey(key))
            {
                findings.Invalid($"{path}[{key}]", key, "not a valid label key");
            }
            if (!LabelSyntax.IsValue(value))
            {
                findings.Invalid($"{path}[{key}]", value, "not a valid label value");
            }
        }
    }
}
