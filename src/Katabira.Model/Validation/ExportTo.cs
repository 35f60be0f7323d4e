namespace Katabira.Model.Validation;

/// <summary>The rules of <c>exportTo</c>: the namespaces that see an object.</summary>
internal static class ExportTo
{
    /// <summary>Checks the list of an object that lives in <paramref name="ownNamespace"/>.</summary>
    public static void Check(IReadOnlyList<string>? exportTo, string ownNamespace, string path, Findings findings)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < (exportTo?.Count ?? 0); i++)
        {
            var entry = exportTo![i];
            if (entry is not ("." or "*") && !Syntax.IsDnsLabel(entry))
            {
                findings.Invalid($"{path}[{i}]", entry, entry == "~" ? "~ (none) is only allowed for services" : "only ., * or the name of a namespace is allowed");
            }
            else if (!seen.Add(entry == "." ? ownNamespace : entry))
            {
                findings.Duplicate($"{path}[{i}]", entry);
            }
        }
        if (exportTo?.Count > 1 && seen.Contains("*"))
        {
            findings.Broken(path, "cannot have both public (*) and non-public values");
        }
    }
}
