namespace Katabira.Model.Validation;

/// <summary>Judges <c>exportTo</c>: the namespaces that may see an object.</summary>
internal static class ExportToChecks
{
    /// <summary>The namespace of the object itself.</summary>
    public const string Own = ".";

    /// <summary>Every namespace.</summary>
    public const string Everyone = "*";

    /// <summary>No namespace at all.</summary>
    private const string Nobody = "~";

    private const string Path = "spec.exportTo";

    /// <summary>Adds what is wrong with <c>spec.exportTo</c>.</summary>
    /// <param name="findings">Where errors go.</param>
    /// <param name="exportTo">The list; null and empty mean the mesh's default.</param>
    /// <param name="ownNamespace">Namespace of the object, which <c>.</c> stands for.</param>
    /// <param name="mayHide">True for the kinds that may be exported to nobody.</param>
    public static void CheckExportTo(this Findings findings, IReadOnlyList<string>? exportTo, string ownNamespace, bool mayHide = false)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < exportTo?.Count; i++)
        {
            var (entry, path) = (exportTo[i], $"{Path}[{i}]");
            if (!seen.Add(entry == Own ? ownNamespace : entry))
            {
                findings.Duplicate(path, entry);
            }
            else if (entry == Nobody && !mayHide)
            {
                findings.Invalid(path, entry, "~ (none) is only allowed for services");
            }
            else if (entry is not (Own or Everyone or Nobody) && !Syntax.IsDnsLabel(entry))
            {
                findings.Invalid(path, entry, "only ., *, or a valid DNS 1123 label is allowed as exportTo entry");
            }
        }
        if (exportTo?.Count > 1 && seen.Contains(Everyone))
        {
            findings.Broken(Path, "* must be the only entry");
        }
        if (exportTo?.Count > 1 && seen.Contains(Nobody) && mayHide)
        {
            findings.Broken(Path, "~ must be the only entry");
        }
    }
}
