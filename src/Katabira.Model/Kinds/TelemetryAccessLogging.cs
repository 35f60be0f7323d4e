using Katabira.Model.Resources;
using Katabira.Model.Schema;
using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>What is logged of requests and connections, and where.</summary>
public sealed record TelemetryAccessLogging : Extensible
{
    /// <summary>The traffic it is about. Left out, all of it.</summary>
    public TelemetryTraffic? Match { get; init; }

    /// <summary>Who gets the log. Left out, the mesh's default.</summary>
    public IReadOnlyList<TelemetryProvider>? Providers { get; init; }

    /// <summary>Turns these logs off.</summary>
    [Field(Nullable = true)]
    public bool? Disabled { get; init; }

    /// <summary>Which requests and connections are logged. Left out, all of them.</summary>
    public AccessLogFilter? Filter { get; init; }

    internal void Check(string path, Findings findings)
    {
        TelemetryProvider.WarnOfDuplicates(Providers, $"{path}.providers", findings);
        Filter?.Check($"{path}.filter", findings);
    }
}

/// <summary>Chooses what is logged.</summary>
public sealed record AccessLogFilter : Extensible
{
    /// <summary>An expression in the Common Expression Language that must be true, e.g. response.code >= 400.</summary>
    public string? Expression { get; init; }

    internal void Check(string path, Findings findings)
    {
        if (string.IsNullOrWhiteSpace(Expression))
        {
            findings.Required($"{path}.expression");
        }
        else if (!ExpressionText.IsPaired(Expression))
        {
            findings.Invalid($"{path}.expression", Expression, "not an expression: brackets or quotes do not pair");
        }
    }
}
