namespace Katabira.Model.Validation;

/// <summary>Which namespaces may see an object.</summary>
internal static class Visibility
{
    /// <summary>The namespace of the object itself.</summary>
    public const string Own = ".";

    /// <summary>Every namespace.</summary>
    public const string Everyone = "*";

    /// <summary>No namespace at all.</summary>
    public const string Nobody = "~";

    /// <summary>Adds what is wrong with <c>spec.exportTo</c>.</summary>
    /// <param name="exportTo">The list; null and empty mean the mesh's default.</param>
    /// <param name="ownNamespace">Namespace of the object, which <c>.</c> stands for.</param>
    /// <param name="findings">Where errors go.</param>
    /// <param name="mayHide">True for the kinds that may be exported to nobody.</param>
    public static void CheckExportTo(IReadOnlyList<string>? exportTo, string ownNamespace, Findings findings, bool mayHide = false)
    {
        if (exportTo is null)
        {
            return;
        }
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < exportTo.Count; i++)
        {
            var entry = exportTo[i];
            var path = $"spec.exportTo[{i}]";
            if (!seen.Add(entry == Own ? ownNamespace : entry))
            {
                findings.Duplicate(path, entry);
            }
            else if (entry == Nobody && !mayHide)
            {
                findings.Invalid(path, entry, "exportTo ~ (none) is not allowed here");
            }
            else if (entry is not (Own or Everyone or Nobody) && !Syntax.IsDnsLabel(entry))
            {
                findings.Invalid(path, entry, "only ., *, or a valid DNS 1123 label is allowed as exportTo entry");
            }
        }
        if (exportTo.Count > 1 && seen.Contains(Everyone))
        {
            findings.Broken("spec.exportTo", "* must be the only entry");
        }
        if (exportTo.Count > 1 && seen.Contains(Nobody) && mayHide)
        {
            findings.Broken("spec.exportTo", "~ must be the only entry");
        }
    }
}
