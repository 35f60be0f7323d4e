using Katabira.Model.Schema;

namespace Katabira.Model.Validation;

/// <summary>Judgements of single fields that several kinds make in the same words. A field that is left out is never wrong here.</summary>
internal static class FieldChecks
{
    private static readonly TimeSpan s_millisecond = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    /// <summary>A port number, 1 to 65535.</summary>
    public static void CheckPort(this Findings findings, string path, uint? number)
    {
        if (number is { } port && !Syntax.IsPort(port))
        {
            findings.Invalid(path, port, PortNumberAttribute.Complaint);
        }
    }

    /// <summary>A port's name, which must be a DNS label.</summary>
    public static void CheckPortName(this Findings findings, string path, string? name)
    {
        if (name is not null && !Syntax.IsDnsLabel(name))
        {
            findings.Invalid(path, name, "port name must be valid: 1 to 63 letters, digits and inner hyphens");
        }
    }

    /// <summary>The name of a service's subset; empty is as good as left out.</summary>
    public static void CheckSubsetName(this Findings findings, string path, string? name)
    {
        if (!string.IsNullOrEmpty(name) && !Syntax.IsDnsLabel(name))
        {
            findings.Invalid(path, name, "subset name must be a DNS label");
        }
    }

    /// <summary>The name of a namespace; empty is as good as left out.</summary>
    public static void CheckNamespace(this Findings findings, string path, string? name)
    {
        if (!string.IsNullOrEmpty(name) && !Syntax.IsDnsLabel(name))
        {
            findings.Invalid(path, name, "must be a DNS label: letters, digits and inner hyphens, at most 63");
        }
    }

    /// <summary>A protocol's name; empty means that it is found out from the bytes.</summary>
    public static void CheckProtocol(this Findings findings, string path, string? name)
    {
        if (name is { Length: > 0 } && AppProtocols.Parse(name) == AppProtocol.Unknown)
        {
            findings.NotSupported(path, name, AppProtocols.Names);
        }
    }

    /// <summary>The name of a header, pseudo headers left out.</summary>
    public static void CheckHeaderName(this Findings findings, string path, string? name)
    {
        if (name is not null && !Syntax.IsHeaderName(name))
        {
            findings.Invalid(path, name, "must be the name of an HTTP header");
        }
    }

    /// <summary>A status that a response can have: informational ones are not the end of a request.</summary>
    public static void CheckHttpStatus(this Findings findings, string path, long? status)
    {
        if (status is < 200 or > 599)
        {
            findings.Invalid(path, status.Value, "HTTP status must be in range 200-599");
        }
    }

    /// <summary>A length of time of whole milliseconds, at least one.</summary>
    public static void CheckDuration(this Findings findings, string path, string? text) => findings.CheckDuration(path, text, s_millisecond);

    /// <summary>As <see cref="CheckDuration(Findings, string, string?)"/>, but of whole seconds.</summary>
    public static void CheckSeconds(this Findings findings, string path, string? text) => findings.CheckDuration(path, text, s_second);

    /// <summary>As <see cref="CheckDuration(Findings, string, string?)"/>, but zero switches the thing off.</summary>
    public static void CheckDurationOrZero(this Findings findings, string path, string? text)
    {
        if (text is null || !Syntax.TryParseDuration(text, out var duration) || duration != TimeSpan.Zero)
        {
            findings.CheckDuration(path, text);
        }
    }

    /// <summary>A count.</summary>
    public static void CheckNotNegative(this Findings findings, string path, int? number)
    {
        if (number is < 0)
        {
            findings.Invalid(path, number.Value, "must not be negative");
        }
    }

    /// <summary>A share of a hundred.</summary>
    public static void CheckPercent(this Findings findings, string path, double? number)
    {
        if (number is < 0 or > 100)
        {
            findings.Invalid(path, number.Value, "must be between 0 and 100");
        }
    }

    private static void CheckDuration(this Findings findings, string path, string? text, TimeSpan precision)
    {
        if (text is null)
        {
            return;
        }
        if (!Syntax.TryParseDuration(text, out var duration) || duration < s_millisecond)
        {
            findings.Invalid(path, text, DurationAttribute.Complaint);
        }
        else if (duration.Ticks % precision.Ticks != 0)
        {
            findings.Invalid(path, text, $"only durations to {(precision == s_second ? "seconds" : "ms")} precision are supported");
        }
    }
}
