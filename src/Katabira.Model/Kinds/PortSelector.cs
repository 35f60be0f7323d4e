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
        if (Number is { } number)
        {
            FieldRules.Port(number, $"{path}.number", findings);
        }
        else
        {
            findings.Required($"{path}.number");
        }
    }
}
