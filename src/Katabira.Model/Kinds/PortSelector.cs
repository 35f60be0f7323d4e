using Katabira.Model.Resources;
using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>One port of a service.</summary>
public sealed record PortSelector : Extensible
{
    /// <summary>The port's number.</summary>
    public uint? Number { get; init; }

    internal void Check(string path, Findings findings)
    {
        if (Number is null)
        {
            findings.Required($"{path}.number");
        }
        findings.CheckPort($"{path}.number", Number);
    }

    /// <summary>Checks the selector where there must be one.</summary>
    internal static void Require(PortSelector? port, string path, Findings findings)
    {
        if (port is null)
        {
            findings.Required(path);
        }
        port?.Check(path, findings);
    }
}
