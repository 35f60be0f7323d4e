using Katabira.Model.Resources;
using Katabira.Model.Schema;
using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>How requests are traced.</summary>
public sealed record TelemetryTracing : Extensible
{
    /// <summary>The traffic it is about. Left out, all of it.</summary>
    public TelemetryTraffic? Match { get; init; }

    /// <summary>Who gets the spans; only one is supported. Left out, the mesh's default.</summary>
    public IReadOnlyList<TelemetryProvider>? Providers { get; init; }

    /// <summary>Share in percent of the requests to trace for which nobody has decided yet. Left out, that of the next wider object.</summary>
    [Field(Nullable = true, Minimum = 0, Maximum = 100)]
    public double? RandomSamplingPercentage { get; init; }

    /// <summary>Reports no spans; the trace's headers are passed on nevertheless.</summary>
    [Field(Nullable = true)]
    public bool? DisableSpanReporting { get; init; }

    /// <summary>Tags added to each span by name; they replace those of wider objects.</summary>
    public IReadOnlyDictionary<string, TracingTag>? CustomTags { get; init; }

    /// <summary>Lets the request's id decide whether it is traced. Left out, it does.</summary>
    [Field(Nullable = true)]
    public bool? UseRequestIdForTraceSampling { get; init; }

    /// <summary>Adds the mesh's own tags to each span. Left out, they are added.</summary>
    [Field(Nullable = true)]
    public bool? EnableIstioTags { get; init; }

    /// <summary>Does not pass the trace's headers on, so that strangers do not learn them.</summary>
    [Field(Nullable = true)]
    public bool? DisableContextPropagation { get; init; }

    internal void Check(string path, Findings findings)
    {
        if (Providers?.Count > 1)
        {
            findings.Warn($"{path}.providers: multiple providers is not currently supported, only the first has effect");
        }
        TelemetryProvider.WarnOfDuplicates(Providers, $"{path}.providers", findings);
        if (CustomTags is null)
        {
            return;
        }
        foreach (var (name, tag) in CustomTags)
        {
            if (name.Length == 0)
            {
                findings.Broken($"{path}.customTags", "tag name may not be empty");
            }
            tag.Check($"{path}.customTags[{name}]", findings);
        }
    }
}

/// <summary>Where the value of a span's tag comes from.</summary>
[AtMostOne("literal", "environment", "header", "formatter")]
public sealed record TracingTag : Extensible
{
    /// <summary>A constant.</summary>
    public TracingTagValue? Literal { get; init; }

    /// <summary>An environment variable of the proxy.</summary>
    public TracingTagSource? Environment { get; init; }

    /// <summary>A header of the request.</summary>
    public TracingTagSource? Header { get; init; }

    /// <summary>A format string of the access log, e.g. %REQUESTED_SERVER_NAME%.</summary>
    public TracingTagValue? Formatter { get; init; }

    internal void Check(string path, Findings findings)
    {
        if (Literal is null && Environment is null && Header is null && Formatter is null)
        {
            findings.Warn($"{path}: the tag has no value, for there is no literal, environment, header or formatter");
        }
        if (Header?.Name is { } header && !header.StartsWith(':'))
        {
            findings.CheckHeaderName($"{path}.header.name", header);
        }
        if (Formatter?.Value is { } format && !HeaderText.IsFormat(format))
        {
            findings.Invalid($"{path}.formatter.value", format, "unpaired '%': a command is %NAME% or %NAME(ARGUMENTS)%, a percent sign is %%");
        }
    }
}

/// <summary>A text.</summary>
public sealed record TracingTagValue : Extensible
{
    /// <summary>The text.</summary>
    [Field(Required = true, MinLength = 1)]
    public string? Value { get; init; }
}

/// <summary>A text that stands under a name.</summary>
public sealed record TracingTagSource : Extensible
{
    /// <summary>The name.</summary>
    [Field(Required = true, MinLength = 1)]
    public string? Name { get; init; }

    /// <summary>The text if there is nothing under that name.</summary>
    public string? DefaultValue { get; init; }
}
